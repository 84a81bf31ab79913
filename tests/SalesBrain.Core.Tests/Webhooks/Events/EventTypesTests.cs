using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Core.Tests.Webhooks.Events;

public sealed class EventTypesTests
{
    [Fact]
    public void Every_name_leads_to_its_type_in_any_letter_case() =>
        Assert.All(EventTypes.All, type =>
        {
            Assert.Same(type, EventTypes.Find(type.Name));
            Assert.All(type.WireNames.Append(type.Name), name =>
            {
                Assert.Same(type, EventTypes.FromWire(name));
                Assert.Same(type, EventTypes.FromWire(name.ToUpperInvariant()));
            });
        });

    [Fact]
    public void Every_category_has_types_and_every_type_a_category() =>
        Assert.Equal(EventTypes.Categories.Select(category => category.Name), EventTypes.All.Select(type => type.Category).Distinct());

    [Fact]
    public void Unknown_names_find_no_type()
    {
        Assert.Null(EventTypes.Find(null));
        Assert.Null(EventTypes.Find("Email.Sent"));
        Assert.Null(EventTypes.FromWire(null));
        Assert.Null(EventTypes.FromWire("email_sent_"));
        Assert.Null(EventTypes.Find(EventTypes.Unknown));
    }
}
