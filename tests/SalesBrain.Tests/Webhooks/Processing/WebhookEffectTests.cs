using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Tests.Database;

namespace SalesBrain.Tests.Webhooks.Processing;

/// <summary>The database reads effects by name: a member that its type lacks would be lost without an error.</summary>
public sealed class WebhookEffectTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    [Fact]
    public async Task Type_in_the_database_has_the_members_that_the_application_sends()
    {
        var members = typeof(WebhookEffect).GetProperties()
            .Where(property => !property.GetMethod!.IsStatic)
            .Select(property => ColumnJson.Options.PropertyNamingPolicy!.ConvertName(property.Name));

        Assert.Equal(
            members.Order(StringComparer.Ordinal),
            (await database.QueryAsync<string>("""
                select a.attname::text from pg_attribute a
                where a.attrelid = 'app.webhook_effect'::regclass and a.attnum > 0 and not a.attisdropped
                """)).Order(StringComparer.Ordinal));
    }
}
