using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Lists users with the number of their assignments, newest first. For callers who can manage assignments.</summary>
public sealed class ListAssignees(RequestPipeline pipeline)
{
    [Function(nameof(ListAssignees))]
    [Operation("Assignments", "List users with their numbers of campaigns and contacts", Description = "Newest first.")]
    [Requires(Capability.ManageAssignments)]
    [Returns(200, typeof(AssigneePage))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/users")] HttpRequest request) =>
        pipeline.RunAsync<ListAssignees, ListAssigneesRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, out var start))
            {
                return PageCursors.Invalid;
            }
            var role = Roles.TryParse(input.Role, out var parsed) ? parsed.Name() : null;
            var filter = new AssigneeFilter(input.OrganizationId, role, input.Status, input.Search);
            var (rows, total) = await Assignees.ListAsync(call.Read(), filter, start, call.CancellationToken);
            return ApiResults.Ok(new AssigneePage(input.ToPage(call.Cursors, rows, total)));
        });
}

public sealed record ListAssigneesRequest : AdminList
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>A role, by any of its names, in any letter case.</summary>
    [RoleName]
    public string? Role { get; init; }

    [AllowedValues("active", "invited", "disabled")]
    public string? Status { get; init; }

    /// <summary>Part of the name or e-mail address. Letter case and accents make no difference; no character is a wildcard.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}

public sealed class AssigneePage(Page<AssigneeRow> page) : AdminPage(page)
{
    public IReadOnlyList<AssigneeRow> Users { get; } = page.Rows;
}
