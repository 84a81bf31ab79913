using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Lists the leads that the caller can see: those of their client, their agency or their whole organization.</summary>
public sealed class ListLeads(RequestPipeline pipeline)
{
    [Function(nameof(ListLeads))]
    [Operation("Leads", "List leads", Description = "Newest first by default. " + CustomFieldChecks.About)]
    [Requires(Capability.ReadLeads)]
    [Returns(200, typeof(Listing<Lead>), Bare = true)]
    [Returns(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/leads")] HttpRequest request) =>
        pipeline.RunAsync<ListLeads, ListLeadsRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, Leads.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            if (await CustomFieldChecks.CheckAsync(call, input.OrganizationId, input.CustomFields) is { } problem)
            {
                return problem;
            }
            var (rows, total) = await Leads.ListAsync(call.Read(), input.FilterFor(call.Caller), start, call.CancellationToken);
            return EntityTags.ShowPage(call, input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListLeadsRequest : LeadFilters, IV1List
{
    /// <inheritdoc cref="V1List{TSort}.Page"/>
    [Range(1, int.MaxValue, ErrorMessage = "must be 1 or more")]
    [Accepts(Maximum = BoundedCount.Limit)]
    public int Page { get; init; } = 1;

    /// <inheritdoc cref="V1List{TSort}.PageSize"/>
    [Range(1, PageRules.MaxPageSize)]
    public int PageSize { get; init; } = PageRules.DefaultPageSize;

    /// <inheritdoc cref="V1List{TSort}.Cursor"/>
    [StringLength(PageRules.MaxCursorLength)]
    [Accepts(Pattern = PageRules.CursorPattern)]
    public string? Cursor { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        PageRules.Check(this).Concat(base.Validate(validationContext));
}
