using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conversations;

/// <summary>
/// Lists of ten thousand conversations and of ten thousand messages: a page reads its rows by an index, first and far behind.
/// </summary>
[Collection(LargeApp.Collection)]
public sealed class LargeConversationListTests(LargeApp app)
{
    private const int Rows = 10_000;

    [Fact]
    public async Task Page_touches_few_blocks_whatever_is_asked_for()
    {
        var supervisor = await app.CreateUserAsync("agent_supervisor");
        var organization = supervisor.OrganizationId!.Value;
        var agent = await app.CreateUserAsync("agent", organization);
        await app.ExecuteAsync("""
            with person as (
                insert into app.contact (id, organization_id, first_name, last_name)
                select gen_random_uuid(), @organization, 'Person', 'Number ' || n from generate_series(1, @Rows) n
                returning id, substr(last_name, 8)::integer as n
            )
            insert into app.conversation (
                organization_id, contact_id, peer_id, peer_name, status, assigned_to, last_inbound_at, last_message_at, unread_count, closed_at)
            select @organization, p.id, '49170' || p.n, 'Peer ' || p.n,
                case p.n % 4 when 0 then 'open' when 1 then 'assigned' else 'closed' end, case when p.n % 4 = 1 then @agent end,
                now() - p.n * interval '1 minute', now() - p.n * interval '1 minute', p.n % 50 / 49, case when p.n % 4 > 1 then now() end
            from person p
            """, new { organization, Rows, agent = agent.Id });
        var conversation = await app.QuerySingleAsync<Guid>(
            "select id from app.conversation where organization_id = @organization and peer_id = '491704'", new { organization });
        await app.ExecuteAsync("""
            select app.ensure_month_partitions(now() - interval '40 days', 2);
            insert into app.message (id, organization_id, conversation_id, direction, type, text, status, occurred_at, created_at, updated_at)
            select gen_random_uuid(), @organization, @conversation, 'inbound', 'text', repeat('x', 200), 'read', t.at, t.at, t.at
            from generate_series(1, @Rows) n, lateral (select now() - n * interval '5 minutes' as at) t;
            """, new { organization, conversation, Rows });
        // Also what the search indexes have yet to sort in, which a search would read as a whole.
        await app.ExecuteAsync("vacuum (analyze) app.contact, app.conversation, app.message");
        var messages = $"{ConversationWorld.Path}/{conversation}/messages";
        foreach (var (user, path, most) in new[]
        {
            (supervisor, $"{ConversationWorld.Path}?page_size=5", 300),
            (supervisor, $"{ConversationWorld.Path}?page_size=5&sort_order=asc", 300),
            (supervisor, $"{ConversationWorld.Path}?page_size=5&assigned_to={agent.Id}", 300),
            (supervisor, $"{ConversationWorld.Path}?page_size=5&status=open", 300),
            (supervisor, $"{ConversationWorld.Path}?page_size=5&unread=true", 300),
            (supervisor, $"{ConversationWorld.Path}?page_size=5&search=491707777", 600),
            (supervisor, $"{ConversationWorld.Path}?page_size=5&search=number%204242", 600),
            (agent, $"{ConversationWorld.Path}?page_size=5&assigned_to=me", 300),
            (agent, $"{ConversationWorld.Path}?page_size=5&assigned_to=none", 300), (agent, $"{ConversationWorld.Path}?page_size=5", 300),
            // Most of it is counting the messages of one conversation, up to 10,000.
            (agent, $"{messages}?page_size=5", 2500), (agent, $"{messages}?page_size=5&sort_order=asc", 2500),
        })
        {
            using var client = app.As(user);
            var cursor = (await client.PageAsync(path)).NextCursor();
            foreach (var page in new[] { "", cursor is null ? "" : $"&cursor={cursor}" })
            {
                var (_, blocks) = await app.CostAsync(async () => Assert.NotEmpty((await client.PageAsync(path + page)).Ids()));

                Assert.True(blocks is > 0 && blocks <= most, $"{user.Role} {path}{page}: {blocks} blocks");
            }
        }
    }
}
