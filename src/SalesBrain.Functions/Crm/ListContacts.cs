using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Crm;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>
/// Lists the contacts that the caller can see: those of their whole organization, or those with a live lead of their agency or client.
/// </summary>
public sealed class ListContacts(RequestPipeline pipeline)
{
    [Function(nameof(ListContacts))]
    [Operation("Contacts", "List contacts", Description = "Newest first by default. " + CustomFieldChecks.About)]
    [Requires(Capability.ReadContacts)]
    [Returns(200, typeof(Listing<ContactSummary>), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/contacts")] HttpRequest request) =>
        pipeline.RunAsync<ListContacts, ListContactsRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, Contacts.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            if (await CustomFieldChecks.CheckAsync(call, input.OrganizationId, input.CustomFields) is { } problem)
            {
                return problem;
            }
            var (rows, total) = await Contacts.ListAsync(call.Read(), input.FilterFor(call.Caller), start, call.CancellationToken);
            return ApiResults.Bare(input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListContactsRequest : V1List<ContactSort>
{
    private const string Me = "me";

    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Suppressions; repeatable.</summary>
    [Length(0, 10)]
    public ContactSuppression[] Suppression { get; init; } = [];

    /// <summary>The complete value. Case-sensitive.</summary>
    [StringLength(200)]
    public string? Country { get; init; }

    /// <summary>Tags; repeatable, not separated by commas. Only contacts that have all of them.</summary>
    [Length(0, 20)]
    [Accepts(MaxLength = TagRules.MaxLength)]
    [FreeText]
    public string[] Tags { get; init; } = [];

    /// <summary>Conditions on custom fields, from the parameters <c>custom.…</c>.</summary>
    public CustomFieldFilter[] CustomFields { get; init; } = [];

    /// <summary>Only contacts with a live lead in this campaign.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>The primary owner: a user's id, or <c>me</c> for the caller.</summary>
    [StringLength(36)]
    [Accepts(Pattern = "^(me|[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12})$")]
    public string? Owner { get; init; }

    /// <summary>Part of the name, e-mail address or company.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var result in base.Validate(validationContext))
        {
            yield return result;
        }
        if (Owner is not (null or Me) && !Guid.TryParseExact(Owner, "D", out _))
        {
            yield return new("must be a UUID or me", [nameof(Owner)]);
        }
        if (Tags.Any(tag => CodePoints.Count(tag) > TagRules.MaxLength))
        {
            yield return new($"must be at most {TagRules.MaxLength} characters each", [nameof(Tags)]);
        }
    }

    internal ContactFilter FilterFor(Caller caller) => new()
    {
        OrganizationId = OrganizationId,
        Suppressions = [.. Suppression.Select(suppression => suppression.ToWireName())],
        Country = Country,
        Tags = Tags,
        CustomFields = CustomFields,
        CampaignId = CampaignId,
        OwnerId = Owner == Me ? caller.UserId : Guid.TryParseExact(Owner, "D", out var user) ? user : null,
        Search = Search,
    };
}
