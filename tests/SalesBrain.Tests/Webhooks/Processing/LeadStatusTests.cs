using System.Text.Json;
using FsCheck.Fluent;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Tests.Database;

namespace SalesBrain.Tests.Webhooks.Processing;

/// <summary>What <c>app.advanced_lead_status</c> decides, and that events reach leads through it.</summary>
public sealed class LeadStatusTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    private static readonly string[] Statuses = ["new", "contacted", "responded", "qualified", "converted", "rejected"];

    /// <summary>What an event may ask for: nothing, or any status, whether or not an event type asks for it today.</summary>
    private static readonly string?[] Reachable = [null, .. Statuses];

    /// <summary>
    /// Each case in the order of its events and in another one, event by event; where <c>events</c> is null, the status at the end.
    /// </summary>
    private const string Histories = """
        history (id, direction, status, events) as (
            select c.id, d.direction, c.start, nullif(case d.direction when 'generated' then c.events else c.shuffled end, '{}')
            from jsonb_to_recordset(@cases::jsonb) as c (id integer, start text, events text[], shuffled text[])
            cross join (values ('generated'), ('shuffled')) as d (direction)
            union all
            select h.id, h.direction, app.advanced_lead_status(h.status, h.events[1]), nullif(h.events[2:], '{}')
            from history h
            where h.events is not null
        )
        """;

    [Theory]
    [InlineData("new", "contacted", "contacted")]
    [InlineData("contacted", "responded", "responded")]
    [InlineData("responded", "contacted", "responded")]
    [InlineData("qualified", "converted", "converted")]
    [InlineData("qualified", "responded", "qualified")]
    [InlineData("rejected", "converted", "rejected")]
    [InlineData("new", null, "new")]
    [InlineData("contacted", "rejected", "contacted")]
    public async Task Status_after_an_event(string current, string? reached, string expected) =>
        Assert.Equal(
            [expected], await database.QueryAsync<string>("select app.advanced_lead_status(@current, @reached)", new { current, reached }));

    [Fact]
    public async Task Status_never_moves_backwards_and_final_ones_stay()
    {
        var moves = await database.QueryAsync<(string Current, string Next)>("""
            select c.status, app.advanced_lead_status(c.status, r.status)
            from unnest(@Statuses) as c (status) cross join unnest(@Reachable) as r (status)
            """, new { Statuses, Reachable });

        Assert.Equal(Statuses.Length * Reachable.Length, moves.Count);
        Assert.All(moves, move => Assert.True(
            move.Current is "converted" or "rejected"
                ? move.Next == move.Current
                : Array.IndexOf(Statuses, move.Next) >= Array.IndexOf(Statuses, move.Current),
            $"{move.Current} became {move.Next}"));
    }

    [Fact]
    public async Task Same_event_again_changes_nothing() => Assert.Empty(await database.QueryAsync<string>("""
        select c.status || ', ' || r.status
        from unnest(@Statuses) as c (status)
        cross join unnest(@Reachable) as r (status)
        cross join lateral (select app.advanced_lead_status(c.status, r.status) as status) once
        where app.advanced_lead_status(once.status, r.status) is distinct from once.status
        """, new { Statuses, Reachable }));

    [Fact]
    public async Task Order_of_events_makes_no_difference() => Assert.Empty(await database.QueryAsync<string>($"""
        with recursive {Histories}
        select h.id::text from history h
        where h.events is null
        group by h.id
        having count(distinct h.status) <> 1 or count(*) <> 2
        """, new { cases = GenerateCases() }));

    /// <summary>Processing takes the furthest status of a batch first, and then advances the lead once.</summary>
    [Fact]
    public async Task Batch_of_events_leads_where_the_events_lead_one_by_one()
    {
        var cases = GenerateCases();
        await database.ExecuteAsync("""
            insert into app.organization (id, name, slug) values (gen_random_uuid(), 'Acme', 'acme');
            insert into app.campaign (organization_id, name, source, external_id) select o.id, 'Spring', 'custom', 'spring' from app.organization o;
            insert into app.contact (organization_id, email, email_norm)
            select o.id, c.id || '@example.org', c.id || '@example.org' from app.organization o, jsonb_to_recordset(@cases::jsonb) as c (id integer);
            insert into app.lead (organization_id, contact_id, campaign_id, status)
            select k.organization_id, k.id, g.id, c.start
            from jsonb_to_recordset(@cases::jsonb) as c (id integer, start text)
            join app.contact k on k.email_norm = c.id || '@example.org'
            join app.campaign g on g.organization_id = k.organization_id;

            select app.apply_webhook_events(jsonb_agg(jsonb_build_object(
                'log_id', gen_random_uuid(), 'log_created_at', now(), 'organization_id', o.id, 'event_source', 'custom', 'event_type', 'email.sent',
                'occurred_at', now(), 'activity_id', gen_random_uuid(), 'campaign_external_id', 'spring', 'email_norm', c.id || '@example.org',
                'lead_status', e.status)), now())
            from app.organization o, jsonb_to_recordset(@cases::jsonb) as c (id integer, events text[]), unnest(c.events) as e (status);
            """, new { cases });

        Assert.Empty(await database.QueryAsync<string>($"""
            with recursive {Histories}
            select concat_ws(' ', c.start, c.events::text, l.status)
            from history h
            join jsonb_to_recordset(@cases::jsonb) as c (id integer, start text, events text[]) on c.id = h.id
            join app.contact k on k.email_norm = h.id || '@example.org'
            join app.lead l on l.organization_id = k.organization_id and l.contact_id = k.id
            where h.events is null and l.status <> h.status
            """, new { cases }));
    }

    private static string GenerateCases() => JsonSerializer.Serialize(
        Gen.Elements(Statuses).Zip(Gen.Elements(Reachable.Concat(EventTypes.All.Select(type => type.LeadStatus)).ToArray()).ArrayOf())
            .Sample(100)
            .Select((generated, id) => new
            {
                id,
                start = generated.Item1,
                events = generated.Item2,
                shuffled = generated.Item2.OrderBy(_ => Random.Shared.Next()),
            }));
}
