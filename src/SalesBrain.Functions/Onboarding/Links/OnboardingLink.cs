using System.Diagnostics.CodeAnalysis;
using SalesBrain.Data.Onboarding;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>An onboarding link as its managers see it.</summary>
public record OnboardingLink
{
    public required Guid Id { get; init; }
    public required Guid OrganizationId { get; init; }
    public required string OrganizationName { get; init; }

    /// <summary>What is sent to the person, with the token in it. Null when the data key that the token was sealed with is gone.</summary>
    public string? LinkUrl { get; init; }
    public Guid? TemplateId { get; init; }
    public required string TemplateName { get; init; }
    public required string WelcomeMessage { get; init; }

    /// <summary><c>active</c>, <c>expired</c>, <c>used</c> or <c>revoked</c>.</summary>
    public required string Status { get; init; }
    public required DateTime ExpiresAt { get; init; }

    /// <summary>How often a person opened it: previews and checks by programs don't count.</summary>
    public required int ClicksCount { get; init; }
    public DateTime? FirstAccessedAt { get; init; }
    public DateTime? LastAccessedAt { get; init; }
    public DateTime? CompletedAt { get; init; }
    public required int CurrentStep { get; init; }
    public required int TotalSteps { get; init; }
    public required int ProgressPercentage { get; init; }
    public DateTime? RevokedAt { get; init; }
    public Guid? RevokedBy { get; init; }
    public string? RevokedReason { get; init; }
    public Guid? CreatedBy { get; init; }

    /// <summary>Null, like the names, where the caller may not see the person, as a platform operator's is to an organization.</summary>
    public string? CreatedByEmail { get; init; }
    public string? CreatedByFirstName { get; init; }
    public string? CreatedByLastName { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}

/// <summary>A link with the accesses that are kept of it: the newest 100.</summary>
public sealed record OnboardingLinkDetails : OnboardingLink
{
    [SetsRequiredMembers]
    internal OnboardingLinkDetails(OnboardingLink link, IReadOnlyList<OnboardingAccessRow> accesses)
        : base(link)
    {
        IpAddresses = [.. accesses.Where(access => access.Ip is not null).Select(access => new LinkAddress(access.Ip!, access.At, access.Kind))];
        UserAgents = [.. accesses.Where(access => access.UserAgent is not null).Select(access => new LinkUserAgent(access.UserAgent!, access.At, access.Kind))];
    }

    /// <summary>Newest first. After 30 days only the network is known, such as <c>192.0.2.0/24</c>.</summary>
    public IReadOnlyList<LinkAddress> IpAddresses { get; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<LinkUserAgent> UserAgents { get; }
}

/// <summary>From where a link was opened; <c>kind</c> is <c>open</c>, or <c>prefetch</c> for a program that previews or checks links.</summary>
public sealed record LinkAddress(string Ip, DateTime Timestamp, string Kind);

/// <summary>What a link was opened with; <c>kind</c> is <c>open</c>, or <c>prefetch</c> for a program that previews or checks links.</summary>
public sealed record LinkUserAgent(string UserAgent, DateTime Timestamp, string Kind);
