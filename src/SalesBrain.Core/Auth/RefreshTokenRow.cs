namespace SalesBrain.Core.Auth;

/// <summary>A presented refresh token, its session, and its user as they are now.</summary>
public sealed record RefreshTokenRow
{
    public Guid Id { get; init; }
    public Guid FamilyId { get; init; }
    public Guid UserId { get; init; }
    public Guid? OrganizationId { get; init; }
    public DateTime ExpiresAt { get; init; }
    public DateTime? RotatedAt { get; init; }

    /// <summary>Whether a token that it was exchanged for has been exchanged itself.</summary>
    public bool ChildRotated { get; init; }
    public DateTime FamilyCreatedAt { get; init; }
    public DateTime? FamilyRevokedAt { get; init; }
    public string Role { get; init; } = "";
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }
    public string Status { get; init; } = "";
    public string? OrganizationStatus { get; init; }
}
