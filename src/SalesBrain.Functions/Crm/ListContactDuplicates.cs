using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Lists contacts that may be the same person. For callers who can merge them.</summary>
public sealed class ListContactDuplicates(RequestPipeline pipeline)
{
    [Function(nameof(ListContactDuplicates))]
    [Operation("Contacts", "List contacts that may be the same person", Description =
        "Each row is a group of contacts that share something, in this order: the same cleaned e-mail address, the same LinkedIn profile, "
        + "the same name and phone number however it is written. A group whose contacts share several of these is listed once, with all "
        + "reasons. There is no other order: sort_order desc is refused.")]
    [Requires(Capability.MergeContacts)]
    [Returns(200, typeof(Listing<ContactDuplicates>), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/contacts/duplicates")] HttpRequest request) =>
        pipeline.RunAsync<ListContactDuplicates, ListContactDuplicatesRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            if (!input.TryStart(call.Cursors, DuplicateContacts.Key, out var start))
            {
                return PageCursors.Invalid;
            }
            var (rows, total) = await DuplicateContacts.ListAsync(call.Read(), organizationId, start, call.CancellationToken);
            return ApiResults.Bare(input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListContactDuplicatesRequest : V1List<DuplicateSort>
{
    /// <summary>The organization. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var result in base.Validate(validationContext))
        {
            yield return result;
        }
        if (SortOrder == Http.Paging.SortOrder.Desc)
        {
            yield return new("must be asc", [nameof(SortOrder)]);
        }
    }
}
