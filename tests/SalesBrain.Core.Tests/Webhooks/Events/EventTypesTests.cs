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
    public void Every_name_leads_to_its_type_in_any_spelling() =>
        Assert.All(EventTypes.All, type => Assert.All(type.WireNames.Append(type.Name), name =>
        {
            var words = name.Split('_', '.');
            Assert.All(
                [
                    string.Join('_', words).ToUpperInvariant(), string.Join('-', words), string.Join('.', words), string.Join(' ', words),
                    string.Concat(words), string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..])),
                    $" {string.Join("__", words)} ",
                ],
                spelling => Assert.Same(type, EventTypes.FromSpelling(spelling)));
        }));

    [Theory]
    [InlineData("email_replied", "email.replied")]
    [InlineData("EMAIL_REPLY", "email.replied")]
    [InlineData("emailsReplied", "email.replied")]
    [InlineData("prospect_replied", "email.replied")]
    [InlineData("email_auto_replied", "email.auto_replied")]
    [InlineData("email_clicked", "email.link_clicked")]
    [InlineData("EMAIL_OPEN", "email.opened")]
    [InlineData("FIRST_EMAIL_SENT", "email.sent")]
    [InlineData("EMAIL_BOUNCE", "email.bounced")]
    [InlineData("unsubscribed", "lead.unsubscribed")]
    [InlineData("EMAIL_UNSUBSCRIBED", "lead.unsubscribed")]
    [InlineData("prospect_opt_out", "lead.unsubscribed")]
    [InlineData("notInterested", "lead.not_interested")]
    [InlineData("meeting_canceled", "lead.meeting_cancelled")]
    [InlineData("sequence_completed", "campaign.completed")]
    public void Names_of_other_tools_are_known(string name, string type) => Assert.Equal(type, EventTypes.FromSpelling(name)?.Name);

    [Fact]
    public void Unknown_names_find_no_type()
    {
        Assert.Null(EventTypes.Find(null));
        Assert.Null(EventTypes.Find("Email.Sent"));
        Assert.Null(EventTypes.FromWire(null));
        Assert.Null(EventTypes.FromWire("email_sent_"));
        Assert.Null(EventTypes.Find(EventTypes.Unknown));
        Assert.All(
            (string?[])[null, "", "_", "DEAL_WON", "email_sent_v2", "linkedinVisitDone", new string('x', 10_000)],
            name => Assert.Null(EventTypes.FromSpelling(name)));
    }
}
