using SalesBrain.Core.Values;
using SalesBrain.Core.Whatsapp.Receiving;
using SalesBrain.Tests.Database;

namespace SalesBrain.Tests.Whatsapp.Receiving;

/// <summary>The database reads events by name: a member that its type lacks would be lost without an error.</summary>
public sealed class WhatsappEventTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    [Fact]
    public async Task Type_in_the_database_has_the_members_that_the_application_sends()
    {
        var members = typeof(WhatsappEvent).GetProperties()
            .Where(property => !property.GetMethod!.IsStatic)
            .Select(property => ColumnJson.Options.PropertyNamingPolicy!.ConvertName(property.Name));

        Assert.Equal(
            members.Order(StringComparer.Ordinal),
            (await database.QueryAsync<string>("""
                select a.attname::text from pg_attribute a
                where a.attrelid = 'app.whatsapp_event'::regclass and a.attnum > 0 and not a.attisdropped
                """)).Order(StringComparer.Ordinal));
    }
}
