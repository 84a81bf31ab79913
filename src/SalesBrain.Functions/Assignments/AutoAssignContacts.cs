using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Values;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Has the organization's rules give contacts to users, for whoever manages assignments.</summary>
public sealed class AutoAssignContacts(RequestPipeline pipeline)
{
    /// <summary>Most contacts of one call.</summary>
    private const int Most = 1000;

    [Function(nameof(AutoAssignContacts))]
    [Operation("Assignments", "Assign contacts without an owner by the rules", Description =
        "Send either contact_ids or a filter. A filter takes the oldest 1,000 matching contacts without an owner. Without "
        + "strategy, each rule uses its own. round_robin and lead_score use only the last rule, for all contacts. territory "
        + "assigns each rule's contacts in turns. Contacts that no user can take wait in a queue and are assigned later. With "
        + "dry_run nothing changes.")]
    [Requires(Capability.ManageAssignments)]
    [Returns(200, typeof(AutoAssignResponse), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/contacts/auto-assign")] HttpRequest request) =>
        pipeline.RunAsync<AutoAssignContacts, AutoAssignRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            input.CheckAssigner(call.Caller, errors);
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            if (await input.CheckAssignerAsync(call.Read(), call.Caller, organizationId, call.CancellationToken) is { } problem)
            {
                return problem;
            }
            var contactIds = input.ContactIds?.ToList()
                ?? await AutomaticAssignment.FindUnassignedAsync(
                    call.Read(), organizationId, input.Filter!.ToUnassigned(), Most + 1, call.CancellationToken);
            var wanted = new AutomaticRequest
            {
                OrganizationId = organizationId,
                ContactIds = [.. contactIds.Take(Most)],
                Strategy = input.Strategy?.ToWireName(),
                AssignedBy = input.AssignerOr(call.Caller),
                ActorId = call.Caller.UserId,
                ActorRole = call.Caller.Role.Name(),
                Ip = call.RemoteAddress,
                Now = call.Now,
            };
            return ApiResults.Bare(AutoAssignResponse.Of(
                wanted.ContactIds, await AssignAsync(call, wanted, input.DryRun), input.DryRun, hasMore: contactIds.Count > Most));
        });

    private static async Task<List<AutomaticallyAssigned>> AssignAsync(Call call, AutomaticRequest wanted, bool dryRun)
    {
        if (!dryRun)
        {
            await using var session = call.AutoCommit();
            return await AutomaticAssignment.AssignAsync(session, wanted, call.CancellationToken);
        }
        // The same statement, in a transaction that is not committed.
        await using var dry = await call.WriteAsync();
        return await AutomaticAssignment.AssignAsync(dry, wanted, call.CancellationToken);
    }
}

public sealed record AutoAssignRequest : AssignmentInput, IValidatableObject
{
    /// <summary>The contacts, in the order in which they are assigned.</summary>
    [Length(1, 1000)]
    public Guid[]? ContactIds { get; init; }

    public AutoAssignFilter? Filter { get; init; }

    public AssignmentStrategy? Strategy { get; init; }

    /// <summary>Only report what would be assigned.</summary>
    public bool DryRun { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ContactIds is null == Filter is null)
        {
            yield return new("exactly one of contact_ids and filter is required", [nameof(ContactIds)]);
        }
    }
}

/// <summary>
/// Selects contacts without a primary owner. A filter that is not sent does not restrict the selection. Texts are compared trimmed and
/// case-insensitively.
/// </summary>
public sealed record AutoAssignFilter : IValidatableObject
{
    /// <summary>Only contacts with a lead in this campaign.</summary>
    public Guid? CampaignId { get; init; }

    [StringLength(200, MinimumLength = 1)]
    public string? Country { get; init; }

    [StringLength(200, MinimumLength = 1)]
    public string? Region { get; init; }

    [StringLength(200, MinimumLength = 1)]
    public string? City { get; init; }

    /// <summary>The domain of the e-mail address or of the website, without <c>www.</c></summary>
    [StringLength(200, MinimumLength = 1)]
    public string? CompanyDomain { get; init; }

    [StringLength(200, MinimumLength = 1)]
    public string? Tag { get; init; }

    [Range(0, 100)]
    public int? MinLeadScore { get; init; }

    [Range(0, 100)]
    public int? MaxLeadScore { get; init; }

    /// <summary>Created at or after this time (inclusive).</summary>
    public DateTime? CreatedFrom { get; init; }

    /// <summary>Created before this time (exclusive).</summary>
    public DateTime? CreatedTo { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxLeadScore < MinLeadScore)
        {
            yield return new("must not be less than min_lead_score", [nameof(MaxLeadScore)]);
        }
        if (CreatedTo < CreatedFrom)
        {
            yield return new("must not be before created_from", [nameof(CreatedTo)]);
        }
    }

    internal UnassignedFilter ToUnassigned() => new()
    {
        CampaignId = CampaignId,
        Country = Country,
        Region = Region,
        City = City,
        CompanyDomain = CompanyDomain,
        Tag = Tag,
        MinLeadScore = MinLeadScore,
        MaxLeadScore = MaxLeadScore,
        CreatedFrom = CreatedFrom,
        CreatedTo = CreatedTo,
    };
}

/// <summary>Result of an automatic assignment: the assigned contacts and the unassigned ones, with the reasons.</summary>
public sealed record AutoAssignResponse
{
    /// <summary>True if at least one contact was (or would be) assigned, or if there was nothing to do.</summary>
    public required bool Success { get; init; }
    public required int SuccessCount { get; init; }
    public required int FailedCount { get; init; }
    public required IReadOnlyList<AutoAssignment> Assigned { get; init; }
    public required IReadOnlyList<AssignmentFailure> FailedItems { get; init; }

    /// <summary>True if more contacts match the filter than one call handles. Call again for the rest.</summary>
    public required bool HasMore { get; init; }

    /// <summary>True for a dry run; otherwise absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DryRun { get; init; }

    internal static AutoAssignResponse Of(
        IReadOnlyCollection<Guid> contactIds, IEnumerable<AutomaticallyAssigned> outcomes, bool dryRun, bool hasMore)
    {
        var byContact = outcomes.ToDictionary(outcome => outcome.ContactId);
        var inOrder = contactIds.Distinct().Select(id => byContact[id]).ToLookup(outcome => outcome.Outcome == "assigned");
        var (assigned, failed) = (inOrder[true].Select(AutoAssignment.Of).ToList(), inOrder[false].Select(Failure).ToList());
        return new AutoAssignResponse
        {
            Success = assigned.Count > 0 || failed.Count == 0,
            SuccessCount = assigned.Count,
            FailedCount = failed.Count,
            Assigned = assigned,
            FailedItems = failed,
            HasMore = hasMore,
            DryRun = dryRun,
        };
    }

    private static AssignmentFailure Failure(AutomaticallyAssigned outcome) => AssignmentFailure.Of(outcome.ContactId, outcome.Outcome switch
    {
        "already_assigned" => Problems.ContactHasOwner.Because($"The contact's primary owner is user {outcome.UserId}."),
        "nobody_eligible" => Problems.NobodyEligible.Because(EmptyPool.Read(outcome.Reason).Text),
        _ => Problems.NotFound.Because("Contact not found."),
    });
}

/// <summary>A contact that was assigned.</summary>
public sealed record AutoAssignment
{
    public required Guid ContactId { get; init; }
    public required Guid UserId { get; init; }
    public required string UserEmail { get; init; }

    [AllowedValues("round_robin", "lead_score", "territory")]
    public required string AssignmentType { get; init; }
    public required AssignmentReason Reason { get; init; }

    internal static AutoAssignment Of(AutomaticallyAssigned outcome) => new()
    {
        ContactId = outcome.ContactId,
        UserId = outcome.UserId!.Value,
        UserEmail = outcome.UserEmail!,
        AssignmentType = outcome.AssignmentType!,
        Reason = AssignmentReason.Read(outcome.Reason)!,
    };
}
