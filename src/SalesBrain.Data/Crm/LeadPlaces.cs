using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>What a new lead refers to.</summary>
public static class LeadPlaces
{
    /// <summary>
    /// The campaign, client and contact with these ids, as far as they are there and the session can see them. One round trip.
    /// </summary>
    public static Task<LeadPlace> FindAsync(
        DatabaseSession session, Guid? campaignId, Guid? clientId, Guid? contactId, CancellationToken cancellationToken) =>
        session.QueryMultipleAsync(
            """
            select g.id, g.organization_id, g.agency_id, g.client_id
            from app.campaign g
            where g.id = @campaignId and (@org::uuid is null or g.organization_id = @org) and g.deleted_at is null;

            select c.id, c.organization_id, c.agency_id, c.id as client_id
            from app.client c
            where c.id = @clientId and (@org::uuid is null or c.organization_id = @org);

            select k.id, k.organization_id
            from app.contact k
            where k.id = @contactId and (@org::uuid is null or k.organization_id = @org)
            """,
            new { campaignId, clientId, contactId, org = session.OrganizationId },
            async (results, token) => new LeadPlace(
                (await results.ReadAsync<PlacedRow>(token)).SingleOrDefault(),
                (await results.ReadAsync<PlacedRow>(token)).SingleOrDefault(),
                (await results.ReadAsync<PlacedRow>(token)).SingleOrDefault()),
            cancellationToken);
}

/// <summary>What was found; null where there is none.</summary>
public sealed record LeadPlace(PlacedRow? Campaign, PlacedRow? Client, PlacedRow? Contact);

/// <summary>A row with the agency and client that it belongs to.</summary>
public sealed record PlacedRow
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }
}
