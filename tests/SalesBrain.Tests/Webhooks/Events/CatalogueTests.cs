using System.Net;
using System.Text.Json;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Events;

/// <summary>ListEventTypes and ListEventSources.</summary>
public sealed class CatalogueTests(TestApp app)
{
    [Fact]
    public async Task Every_type_has_a_label_and_a_category_that_has_one()
    {
        var data = await (await app.As(await app.CreateUserAsync("read_only")).GetAsync("/api/admin/webhooks/event-types")).DataAsync();

        var types = data.GetProperty("event_types").EnumerateArray().ToArray();
        var categories = data.GetProperty("categories").EnumerateArray()
            .Select(category => category.GetProperty("name").GetString()!).ToArray();
        Assert.Equal(EventTypes.All.Select(type => type.Name), types.Select(type => type.GetProperty("name").GetString()));
        Assert.Equal(["email", "lead", "campaign", "account", "system", "whatsapp"], categories);
        Assert.All(types, type => Assert.Contains(type.GetProperty("category").GetString()!, categories));
        Assert.All(types, type => Assert.NotEqual("", type.GetProperty("label").GetString()));
        var replied = types.Single(type => type.GetProperty("name").GetString() == "email.replied");
        Assert.Equal("Reply received", replied.GetProperty("label").GetString());
        Assert.Equal("reply_received", replied.GetProperty("wire_names")[0].GetString());
    }

    [Fact]
    public async Task Every_source_has_a_label_and_says_whether_it_receives()
    {
        var data = await (await app.As(await app.CreateUserAsync("sb_operator")).GetAsync("/api/admin/webhooks/sources")).DataAsync();

        var sources = data.GetProperty("sources").EnumerateArray().ToArray();
        Assert.Equal(EventSources.All.Select(source => source.Name), sources.Select(source => source.GetProperty("name").GetString()));
        Assert.Equal(
            ["whatsapp", "manual", "system"],
            sources.Where(source => !source.GetProperty("receives").GetBoolean()).Select(source => source.GetProperty("name").GetString()));
        Assert.Equal(JsonValueKind.String, sources[0].GetProperty("label").ValueKind);
    }

    [Theory]
    [InlineData("event-types")]
    [InlineData("sources")]
    public async Task Catalogue_is_for_those_who_read_webhooks(string path)
    {
        using var refused = await app.As(await app.CreateUserAsync("client_user")).GetAsync("/api/admin/webhooks/" + path);
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");

        using var unknown = await app.Http.GetAsync("/api/admin/webhooks/" + path);
        await unknown.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }
}
