using System.Text.Json;
using SalesBrain.Core.Organizations;

namespace SalesBrain.Core.Tests.Organizations;

public sealed class OrganizationSettingsTests
{
    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"theme": {"lead_score": "dark"}}""", "")]
    [InlineData("""{"lead_score": {"status": {"new": 0, "converted": 100}, "half_life_days": 30}, "qualification": {"rejected_at": 1}, "filterable_fields": ["size"]}""", "")]
    [InlineData("""{"lead_score": {"status": {"won": 5}, "colour": 1}}""", "settings.lead_score.status.won,settings.lead_score.colour")]
    [InlineData("""{"lead_score": {"status": 1, "priority": {"low": 101}, "recency": "x"}}""", "settings.lead_score.status,settings.lead_score.priority.low,settings.lead_score.recency")]
    [InlineData("""{"lead_score": []}""", "settings.lead_score")]
    [InlineData("""{"qualification": {"qualified_at": 2}}""", "settings.qualification")]
    [InlineData("""{"qualification": {"qualified_at": 6}}""", "settings.qualification")]
    [InlineData("""{"qualification": {"qualified_at": 4.5, "at": 1}}""", "settings.qualification.qualified_at")]
    [InlineData("""{"qualification": null}""", "settings.qualification")]
    [InlineData("""{"conversations": {"assign": "round_robin"}}""", "")]
    [InlineData("""{"conversations": {"assign": "none"}}""", "")]
    [InlineData("""{"conversations": {"assign": "everybody", "to": 1}}""", "settings.conversations.assign,settings.conversations.to")]
    [InlineData("""{"conversations": {"assign": null}}""", "settings.conversations.assign")]
    [InlineData("""{"conversations": "round_robin"}""", "settings.conversations")]
    [InlineData("""{"filterable_fields": "size"}""", "settings.filterable_fields")]
    [InlineData("""{"filterable_fields": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]}""", "settings.filterable_fields")]
    [InlineData("""{"filterable_fields": ["size", " ", 5]}""", "settings.filterable_fields[1],settings.filterable_fields[2]")]
    public void Members_that_are_read_are_checked(string settings, string expected) =>
        Assert.Equal(expected, string.Join(',', OrganizationSettings.Check(JsonElement.Parse(settings)).Select(problem => problem.Path)));
}
