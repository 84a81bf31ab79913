using System.Reflection;
using SalesBrain.Core.Access;
using SalesBrain.Data.Security;

namespace SalesBrain.Tests.Database;

/// <summary>
/// The list of sealed columns is complete. What is not in it is not re-sealed, and is lost when the old data key is removed.
/// </summary>
public sealed class SealedColumnTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    private static readonly Dictionary<string, string> BytesThatAreNotSealed = new()
    {
        ["erased_contact.hash"] = "HMAC-SHA-256 of an address under a sealed key of its own",
        ["email_change.token_hash"] = "SHA-256 of a random token",
        ["genesys_sign_in.state_hash"] = "SHA-256 of a signed state",
        ["genesys_sign_in.code_hash"] = "SHA-256 of a random code",
        ["onboarding_link.token_hash"] = "SHA-256 of a random token",
        ["password_token.token_hash"] = "SHA-256 of a random token",
        ["refresh_token.token_hash"] = "SHA-256 of a random token",
        ["stream_ticket.token_hash"] = "SHA-256 of a random ticket",
        ["webhook_endpoint.token_hash"] = "SHA-256 of a random token",
        ["webhook_endpoint.previous_token_hash"] = "SHA-256 of a random token",
        ["webhook_payload.body"] = "the bytes of a delivery",
        ["webhook_rejection.body"] = "the bytes of a delivery",
        ["whatsapp_unrouted.body"] = "the bytes of a delivery",
        ["webhook_receipt.key"] = "SHA-256 of what makes a delivery a duplicate",
    };

    /// <summary>Every column of bytes is either sealed or named here with what it is: a new one needs a decision.</summary>
    [Fact]
    public Task Every_column_of_bytes_is_sealed_and_listed_or_named_as_something_else() => database.AssertExceptionsAsync(
        BytesThatAreNotSealed.Concat(
            SealedColumns.All.Select(column => KeyValuePair.Create($"{column.Table}.{column.Name}", "sealed"))).ToDictionary(),
        """
        select c.relname || '.' || a.attname
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.atttypid in ('bytea'::regtype, 'bytea[]'::regtype)
        """);

    [Fact]
    public async Task Columns_that_are_named_as_sealed_are_exactly_those_of_the_list() => Assert.Equal(
        SealedColumns.All.Select(column => $"{column.Table}.{column.Name} bytea").Order(StringComparer.Ordinal),
        (await database.QueryAsync<string>("""
            select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, null)
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition and a.attname like '%sealed%'
            """)).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_purpose_has_a_column() => Assert.Equal(
        typeof(Role).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static))
            .Where(
                field => field.IsLiteral && field.Name.EndsWith("Purpose", StringComparison.Ordinal) && field.FieldType == typeof(string))
            .Select(field => (string)field.GetRawConstantValue()!)
            .Order(StringComparer.Ordinal),
        SealedColumns.All.Select(column => column.Purpose).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public async Task Owner_and_platform_login_may_re_seal_every_column()
    {
        foreach (var column in SealedColumns.All)
        {
            Assert.Equal(
                ["salesbrain_owner", "salesbrain_platform"],
                await database.QueryAsync<string>($"""
                    select r.name
                    from unnest(array['salesbrain_owner', 'salesbrain_platform', 'salesbrain_tenant']) r (name)
                    where has_column_privilege(r.name, 'app.{column.Table}', '{column.Name}', 'update')
                        and exists (
                            select from pg_policies p
                            where p.schemaname = 'app' and p.tablename = '{column.Table}' and p.permissive = 'PERMISSIVE' and p.cmd = 'ALL' and p.qual = 'true'
                                and r.name::name = any (p.roles))
                    order by 1
                    """));
        }
    }
}
