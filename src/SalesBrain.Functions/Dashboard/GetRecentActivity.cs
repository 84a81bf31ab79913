using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Dashboard;
using SalesBrain.Data.Dashboard;

namespace SalesBrain.Functions.Dashboard;

/// <summary>What happened lately, for the admin dashboard.</summary>
public sealed class GetRecentActivity(RequestPipeline pipeline)
{
    [Function(nameof(GetRecentActivity))]
    [Operation("Dashboard", "List recent activity", Description =
        "The newest 50 webhooks, assignments, onboarding link events and administrator sign-ins, newest first. For the caller's "
        + "organization; platform operators get all organizations, or the one in organization_id. Roles that cannot read the "
        + "audit log (member, read_only) see only webhooks.")]
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
    /// <summary>Only activity at or after this time.</summary>
    public DateTime? Since { get; init; }

    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }
}

public sealed record RecentActivityList
{
    public required IReadOnlyList<ActivityFact> Activity { get; init; }
}

public sealed record ActivityFact
{
    /// <summary>Stable id, the same in every response.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>webhook</c>, <c>assignment</c>, <c>onboarding_link</c> or <c>sign_in</c>.</summary>
    [AllowedValues("webhook", "assignment", "onboarding_link", "sign_in")]
    public required string Kind { get; init; }
    public required DateTime At { get; init; }

    /// <summary>Null for actions of platform operators outside any organization.</summary>
    public Guid? OrganizationId { get; init; }
    public string? OrganizationName { get; init; }

    /// <summary>The event type of a webhook; otherwise the action, such as <c>user.signed_in</c>.</summary>
    public required string Action { get; init; }

    /// <summary>A short title to display.</summary>
    public required string Title { get; init; }

    /// <summary>The person and the campaign concerned, if known.</summary>
    public string? Summary { get; init; }

    /// <summary>The status of the webhook; null for other kinds.</summary>
    public string? Status { get; init; }

    /// <summary>The kind of resource that <c>entity_id</c> refers to, such as <c>webhook_log</c>.</summary>
    public required string Entity { get; init; }
    public Guid? EntityId { get; init; }

    /// <summary>The user who performed the action; null for webhooks.</summary>
    public ActivityActor? Actor { get; init; }
}

/// <summary>The user who did something. The name is null if the caller cannot see the user.</summary>
public sealed record ActivityActor(Guid Id, string? Name, string? Role);
