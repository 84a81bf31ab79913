using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using SalesBrain.Data.Onboarding;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>An onboarding link.</summary>
public record OnboardingLink
{
    public required Guid Id { get; init; }
    public required Guid OrganizationId { get; init; }
    public required string OrganizationName { get; init; }

    /// <summary>
    /// The link to send to the person. Contains the token. Null if the data key that encrypted the token is no longer available.
    /// </summary>
    public string? LinkUrl { get; init; }
    public Guid? TemplateId { get; init; }
    public required string TemplateName { get; init; }
    public required string WelcomeMessage { get; init; }

    /// <summary><c>active</c>, <c>expired</c>, <c>used</c> or <c>revoked</c>.</summary>
    [AllowedValues("active", "expired", "used", "revoked")]
    public required string Status { get; init; }
    public required DateTime ExpiresAt { get; init; }

    /// <summary>Number of times a person opened the link. Requests of link-preview programs do not count.</summary>
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

    /// <summary>Null, like the names, if the caller cannot see the user, such as a platform operator.</summary>
    public string? CreatedByEmail { get; init; }
    public string? CreatedByFirstName { get; init; }
    public string? CreatedByLastName { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}

/// <summary>An onboarding link with its 100 most recent accesses.</summary>
public sealed record OnboardingLinkDetails : OnboardingLink
{
    [SetsRequiredMembers]
    internal OnboardingLinkDetails(OnboardingLink link, IReadOnlyList<OnboardingAccessRow> accesses)
        : base(link)
    {
        IpAddresses =
            [.. accesses.Where(access => access.Ip is not null).Select(access => new LinkAddress(access.Ip!, access.At, access.Kind))];
        UserAgents = [.. accesses.Where(access => access.UserAgent is not null).Select(access => new LinkUserAgent(access.UserAgent!, access.At, access.Kind))];
    }

    /// <summary>Newest first. After 30 days the address is shortened to its network, such as <c>192.0.2.0/24</c>.</summary>
    public IReadOnlyList<LinkAddress> IpAddresses { get; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<LinkUserAgent> UserAgents { get; }
}

/// <summary>An IP address that opened the link. <c>kind</c> is <c>open</c>, or <c>prefetch</c> for link-preview programs.</summary>
public sealed record LinkAddress(string Ip, DateTime Timestamp, string Kind);

/// <summary>A user agent that opened the link. <c>kind</c> is <c>open</c>, or <c>prefetch</c> for link-preview programs.</summary>
public sealed record LinkUserAgent(string UserAgent, DateTime Timestamp, string Kind);
