using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Lists the users that the caller can see: those of their client, their agency or their whole organization.</summary>
public sealed class ListUsers(RequestPipeline pipeline)
{
    [Function(nameof(ListUsers))]
    [Operation("Users", "List users", Description = "Newest first by default.")]
    [Requires(Capability.ReadUsers)]
    [Returns(200, typeof(Listing<User>), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/users")] HttpRequest request) =>
        pipeline.RunAsync<ListUsers, ListUsersRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, Users.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            string[] roles = [.. input.Role.Select(text => Roles.TryParse(text, out var role) ? role.Name() : text)];
            string[] statuses = [.. input.Status.Select(status => status.ToWireName())];
            var filter = new UserFilter(input.OrganizationId, input.AgencyId, input.ClientId, roles, statuses, input.Search);
            var (rows, total) = await Users.ListAsync(call.Read(), filter, start, call.CancellationToken);
            return ApiResults.Bare(input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListUsersRequest : V1List<UserSort>
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    public Guid? AgencyId { get; init; }

    public Guid? ClientId { get; init; }

    /// <summary>Roles, by any of their names, in any letter case; repeatable.</summary>
    [Length(0, 20)]
    [RoleName]
    public string[] Role { get; init; } = [];

    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 10)]
    public UserStatus[] Status { get; init; } = [];

    /// <summary>Part of the name or the e-mail address.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}
