using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Tests.App;

/// <summary>Contacts with what lists show of them, made straight in the database, and calls about them.</summary>
public static class ContactWorld
{
    public const string Path = "/api/v1/contacts";

    /// <summary>A contact without a lead.</summary>
    public static async Task<Guid> CreatePersonAsync(
        this TestApp app, Guid organizationId, string? email = null, string? firstName = null, string? lastName = null,
        string? company = null, string? phone = null, string? linkedinUrl = null, string? country = null, string suppression = "none",
        string[]? tags = null, string customFields = "{}") =>
        await app.QuerySingleAsync<Guid>("""
            insert into app.contact (
                id, organization_id, email, email_norm, first_name, last_name, company, phone, linkedin_url, country, suppression, suppressed_at, tags,
                custom_fields)
            values (
                @id, @organizationId, @email, @norm, @firstName, @lastName, @company, @phone, @linkedinUrl, @country, @suppression,
                case when @suppression <> 'none' then now() end, @tags, @customFields::jsonb)
            returning id
            """, new
        {
            id = Guid.CreateVersion7(),
            organizationId,
            email,
            norm = email is null ? null : Emails.Normalize(email),
            firstName,
            lastName,
            company,
            phone,
            linkedinUrl,
            country,
            suppression,
            tags = tags ?? [],
            customFields,
        });

    /// <summary>The contact of a lead.</summary>
    public static Task<Guid> ContactOfAsync(this TestApp app, Guid leadId) =>
        app.QuerySingleAsync<Guid>("select contact_id from app.lead where id = @leadId", new { leadId });

    /// <summary>Merges a contact into another one through the API; returns the surviving contact.</summary>
    public static async Task<JsonElement> MergeAsync(this HttpClient client, Guid merged, Guid survivor)
    {
        using var response = await client.PostAsync($"{Path}/{merged}/merge", new { into = survivor });
        return await response.DataAsync();
    }

    /// <summary>Creates a contact through the API, from a JSON text; returns its data.</summary>
    public static async Task<JsonElement> AddContactAsync(this HttpClient client, string json)
    {
        using var response = await client.PostTextAsync(Path, json);
        return await response.DataAsync();
    }
}
