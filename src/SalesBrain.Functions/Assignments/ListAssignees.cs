using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Assignments;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Webhooks;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Assignments;

/// <summary>Lists users with how much is assigned to each, newest first, for whoever manages assignments.</summary>
public sealed class ListAssignees(FrontDoor frontDoor)
{
    [Function(nameof(ListAssignees))]
    [Endpoint("Assignments", "Users with how many campaigns and contacts each has, newest first")]
    [Requires(Capability.ManageAssignments)]
    [Answers(200, typeof(AssigneePage))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/users")] HttpRequest request,
        CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<ListAssignees, ListAssigneesRequest>(request, async (call, input, token) =>
        {
            if (!PageCursor.TryRead<NewestFirst>(input, out var after))
            {
                return PageCursor.Invalid;
            }
            var role = Roles.TryParse(input.Role, out var parsed) ? parsed.Name() : null;
            var filter = new AssigneeFilter(input.OrganizationId, role, input.Status, input.Search?.Trim());
            var (rows, total) = await Assignees.ListAsync(call.Read(), filter, input.Limit + 1, input.Offset, after, token);
            return Answer.Ok(new AssigneePage(input.Cut(rows, total, row => new NewestFirst(row.CreatedAt, row.Id))));
        }, cancellationToken);
}

public sealed record ListAssigneesRequest : AdminList
{
    /// <summary>For platform operators: one organization instead of all.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>One role, by any of its names.</summary>
    [RoleName]
    public string? Role { get; init; }

    [AllowedValues("active", "invited", "disabled")]
    public string? Status { get; init; }

    /// <summary>Part of the e-mail address or of the name, literally, in any letter case.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}

public sealed class AssigneePage(Page<AssigneeRow> page) : AdminPage(page)
{
    public IReadOnlyList<AssigneeRow> Users { get; } = page.Rows;
}
