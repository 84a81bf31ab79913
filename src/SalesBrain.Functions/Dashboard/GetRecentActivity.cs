using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Dashboard;
using SalesBrain.Data.Dashboard;

namespace SalesBrain.Functions.Dashboard;

/// <summary>What happened lately, for the admin dashboard.</summary>
public sealed class GetRecentActivity(RequestPipeline pipeline)
{
    [Function(nameof(GetRecentActivity))]
    [Operation("Dashboard", "The newest 50 facts: webhooks, assignments, onboarding links, sign-ins of administrators",
        Description = "Newest first, of the caller's organization; for platform operators of all organizations, or of organization_id. "
            + "Roles that may not read the audit log (member, read_only) see webhooks only.")]
    [Requires(Capability.ReadDashboard)]
    [Returns(200, typeof(RecentActivityList))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/dashboard/recent-activity")] HttpRequest request) =>
        pipeline.RunAsync<GetRecentActivity, GetRecentActivityQuery>(request, async (call, input) =>
        {
            var facts = await RecentActivity.GetAsync(call.Read(), input.OrganizationId, input.Since, call.CancellationToken);
            return ApiResults.Ok(new RecentActivityList { Activity = facts.Select(Describe).ToList() });
        });

    private static ActivityFact Describe(RecentFact fact) => new()
    {
        Id = fact.Id,
        Kind = fact.Kind,
        At = fact.At,
        OrganizationId = fact.OrganizationId,
        OrganizationName = fact.OrganizationName,
        Action = fact.Action,
        Title = RecentFactRules.Title(fact),
        Summary = RecentFactRules.Summary(fact),
        Status = fact.Status,
        Entity = fact.Entity,
        EntityId = fact.EntityId,
        Actor = fact.ActorId is { } actor ? new ActivityActor(actor, fact.ActorName, fact.ActorRole) : null,
    };
}

public sealed record GetRecentActivityQuery
{
    /// <summary>Only facts from this moment on.</summary>
    public DateTime? Since { get; init; }

    /// <summary>For platform operators; default: all organizations together.</summary>
    public Guid? OrganizationId { get; init; }
}

public sealed record RecentActivityList
{
    public required IReadOnlyList<ActivityFact> Activity { get; init; }
}

public sealed record ActivityFact
{
    /// <summary>Stays the same from call to call: what was seen before can be told by it.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>webhook</c>, <c>assignment</c>, <c>onboarding_link</c> or <c>sign_in</c>.</summary>
    public required string Kind { get; init; }
    public required DateTime At { get; init; }

    /// <summary>Null for what platform operators do outside any organization.</summary>
    public Guid? OrganizationId { get; init; }
    public string? OrganizationName { get; init; }

    /// <summary>The event type of a webhook, else what was done, such as <c>user.signed_in</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What happened, in a few words for a person.</summary>
    public required string Title { get; init; }

    /// <summary>Whom it concerns and where, as far as that is known.</summary>
    public string? Summary { get; init; }

    /// <summary>A webhook's status.</summary>
    public string? Status { get; init; }

    /// <summary>What kind of thing <c>entity_id</c> names, such as <c>webhook_log</c>.</summary>
    public required string Entity { get; init; }
    public Guid? EntityId { get; init; }

    /// <summary>Who did it; null for webhooks.</summary>
    public ActivityActor? Actor { get; init; }
}

/// <summary>A person who did something; the name is missing where the caller may not see them.</summary>
public sealed record ActivityActor(Guid Id, string? Name, string? Role);
