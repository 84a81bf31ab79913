using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Values;
using SalesBrain.Data.Rows;

namespace SalesBrain.Data.Organizations;

/// <summary>A user.</summary>
public sealed record User : VersionedRow
{
    /// <summary>Null for platform operators.</summary>
    public Guid? OrganizationId { get; init; }
    public string Email { get; init; } = "";

    /// <summary>
    /// The new e-mail address, until it is confirmed. Shown to the user and to callers who may change the user.
    /// </summary>
    public string? PendingEmail { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }

    /// <summary>The canonical name of the role.</summary>
    [CanonicalRole]
    public string Role { get; init; } = "";

    /// <summary>Required for agency roles.</summary>
    public Guid? AgencyId { get; init; }

    [NotAudited]
    public string? AgencyName { get; init; }

    /// <summary>Required for client roles.</summary>
    public Guid? ClientId { get; init; }

    [NotAudited]
    public string? ClientName { get; init; }

    /// <summary>Invited users have not chosen a password yet.</summary>
    [AllowedValues("active", "invited", "disabled")]
    public string Status { get; init; } = "active";

    [NotAudited]
    public DateTime? LastSignInAt { get; init; }

    /// <summary>The role and its scope. Throws <see cref="InvalidOperationException"/> if it is not one of <see cref="Roles"/>.</summary>
    [JsonIgnore]
    public RoleScope Scope => Roles.TryParse(Role, out var role)
        ? new(role, OrganizationId, AgencyId, ClientId)
        : throw new InvalidOperationException($"User {Id} has the unknown role {Role}.");

    /// <summary>What look-ups and the unique key compare.</summary>
    [JsonIgnore]
    public string EmailNorm => Emails.Normalize(Email);
}

/// <summary>User status.</summary>
public enum UserStatus
{
    Active = 1,
    Invited,
    Disabled,
}

/// <summary>Sort keys of users.</summary>
public enum UserSort
{
    CreatedAt,
    UpdatedAt,

    /// <summary>Last name, then first name.</summary>
    Name,
    Email,
    LastSignInAt,
}

/// <summary>Filter of users. Null or empty values do not restrict the result.</summary>
public sealed record UserFilter(Guid? OrganizationId, Guid? AgencyId, Guid? ClientId, string[] Roles, string[] Statuses, string? Search);
