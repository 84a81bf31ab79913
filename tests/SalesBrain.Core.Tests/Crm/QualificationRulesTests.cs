using System.Text.Json;
using SalesBrain.Core.Crm;

namespace SalesBrain.Core.Tests.Crm;

public sealed class QualificationRulesTests
{
    [Theory]
    [InlineData("new", 5, "qualified")]
    [InlineData("responded", 4, "qualified")]
    [InlineData("responded", 3, "responded")]
    [InlineData("responded", 2, "rejected")]
    [InlineData("qualified", 1, "rejected")]
    [InlineData("rejected", 4, "qualified")]
    [InlineData("converted", 1, "converted")]
    [InlineData("converted", 5, "converted")]
    public void Status_after_a_score(string status, int score, string expected) =>
        Assert.Equal(expected, QualificationRules.Default.StatusAfter(status, score));

    [Theory]
    [InlineData("""{"qualification": {"qualified_at": 5}}""", 5, 2)]
    [InlineData("""{"qualification": {"qualified_at": 3.0, "rejected_at": 0}}""", 3, 0)]
    [InlineData("{}", 4, 2)]
    [InlineData("""{"qualification": {"qualified_at": 2}}""", 4, 2)]
    [InlineData("""{"qualification": "strict"}""", 4, 2)]
    [InlineData("""{"qualification": {"qualified_at": "5"}}""", 4, 2)]
    public void Settings_have_other_thresholds_if_they_are_valid(string settings, int qualifiedAt, int rejectedAt) =>
        Assert.Equal(new QualificationRules(qualifiedAt, rejectedAt), QualificationRules.Of(JsonElement.Parse(settings)));
}
