using System.Text.Json;
using SalesBrain.Core.Values;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>The contacts of new leads.</summary>
public static class LeadContacts
{
    /// <summary>
    /// The contact with the e-mail address, which is added if there is none. What is unknown about an existing contact is filled; nothing
    /// is overwritten. Finds contacts of the whole organization, whatever part of it the session sees.
    /// </summary>
    public static Task<FoundContact> FindOrAddAsync(
        DatabaseSession session, NewContact contact, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<FoundContact>("""
            select f.id, f.outcome from app.find_or_add_contact(jsonb_populate_record(null::app.contact, @contact::jsonb), @now) f
            """, new { contact = JsonSerializer.Serialize(contact, ColumnJson.Options), now }, cancellationToken);
}

/// <summary>What is known about a contact. The id is used if it is added.</summary>
public sealed record NewContact
{
    public required Guid Id { get; init; }
    public required Guid OrganizationId { get; init; }
    public required string Email { get; init; }
    public required string EmailNorm { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }
    public string? Title { get; init; }
    public string? Phone { get; init; }
    public string? LinkedinUrl { get; init; }
    public string? City { get; init; }
    public string? Region { get; init; }
    public string? Country { get; init; }
}

/// <summary>A contact, and whether it was <c>added</c>, <c>changed</c> or just <c>found</c>.</summary>
public sealed record FoundContact
{
    public Guid Id { get; init; }
    public string Outcome { get; init; } = "";
}
