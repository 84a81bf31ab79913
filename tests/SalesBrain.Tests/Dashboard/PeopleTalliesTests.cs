using Npgsql;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Stats;

namespace SalesBrain.Tests.Dashboard;

/// <summary>The tallies of contacts and leads.</summary>
[Collection(SerialApp.Collection)]
public sealed class PeopleTalliesTests(SerialApp app)
{
    [Fact]
    public async Task Tallies_equal_counting_after_parallel_changes()
    {
        Guid[] organizations = [await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync()];

        await Task.WhenAll(Enumerable.Range(0, 6).Select(seed => WriteAsync(organizations, seed)));
        await AssertEqualToCountingAsync();
        Assert.True(await app.FoldTalliesAsync() > 0);
        await AssertEqualToCountingAsync();
        Assert.True(await app.QuerySingleAsync<long>("select count(*) from app.lead where deleted_at is null") > 0);
    }

    private async Task WriteAsync(Guid[] organizations, int seed)
    {
        var random = new Random(seed);
        await using var connection = new NpgsqlConnection(app.Database.Platform);
        await connection.OpenAsync();
        for (var i = 0; i < 40; i++)
        {
            var organization = organizations[random.Next(organizations.Length)];
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand(random.Next(6) switch
            {
                < 2 => """
                    with contact as (
                        insert into app.contact (organization_id) select $1 from generate_series(1, $2) returning id
                    )
                    insert into app.lead (organization_id, contact_id, status)
                    select $1, id, (array['new', 'contacted', 'responded'])[1 + $3 % 3] from contact where $3 % 4 > 0
                    """,
                2 or 3 => $"""
                    update app.lead l set status = (array['new', 'qualified', 'converted', 'rejected'])[1 + $3 % 4], score = 1
                    from ({Picked}) p where l.id = p.id
                    """,
                4 =>
                    $"update app.lead l set deleted_at = case when l.deleted_at is null then now() end, score = $3 % 100 from ({Picked}) p "
                    + "where l.id = p.id",
                _ => $"delete from app.lead l using ({Picked}) p where l.id = p.id and $3 >= 0",
            }, connection, transaction)
            {
                Parameters = { new() { Value = organization }, new() { Value = random.Next(1, 8) }, new() { Value = random.Next(1000) } },
            };
            await command.ExecuteNonQueryAsync();
            await (random.Next(8) == 0 ? transaction.RollbackAsync() : transaction.CommitAsync());
        }
    }

    private const string Picked = "select id from app.lead where organization_id = $1 order by id limit $2 for update skip locked";

    private async Task AssertEqualToCountingAsync()
    {
        var differences = await app.QueryAsync<string>("""
            with kept as (
                select t.organization_id, v.value, v.total
                from app.organization_tally t
                cross join lateral (values
                    ('contact', t.contacts), ('new', t.leads_new), ('contacted', t.leads_contacted), ('responded', t.leads_responded),
                    ('qualified', t.leads_qualified), ('converted', t.leads_converted), ('rejected', t.leads_rejected)) as v (value, total)
                union all
                select c.organization_id, coalesce(c.status, 'contact'), c.change from app.tally_change c where c.subject in ('contact', 'lead')
            ), counted as (
                select organization_id, status as value from app.lead where deleted_at is null
                union all
                select organization_id, 'contact' from app.contact
            )
            select to_json(d)::text
            from (select organization_id, value, sum(total) as total from kept group by 1, 2) k
            full join (select organization_id, value, count(*) as total from counted group by 1, 2) c using (organization_id, value)
            cross join lateral (select organization_id, value, k.total as kept, c.total as counted) d
            where coalesce(k.total, 0) <> coalesce(c.total, 0)
            """);
        Assert.Empty(differences);
    }
}
