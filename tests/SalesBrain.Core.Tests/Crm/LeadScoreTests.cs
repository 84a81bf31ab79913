using System.Text.Json;
using SalesBrain.Core.Crm;

namespace SalesBrain.Core.Tests.Crm;

public sealed class LeadScoreTests
{
    private static readonly DateTime Now = new(2026, 3, 15, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("new", null, "medium", 0, 32)]
    [InlineData("contacted", 3, "medium", 14, 51)]
    [InlineData("responded", 4, "urgent", 28, 72)]
    [InlineData("qualified", 5, "high", 0, 92)]
    [InlineData("converted", 5, "urgent", 0, 100)]
    [InlineData("rejected", 1, "low", 90, 10)]
    public void Score_of_a_lead(string status, int? qualification, string priority, int days, int expected) =>
        Assert.Equal(expected, LeadScore.Of(status, qualification, priority, Now.AddDays(-days), Now, LeadScoreWeights.Default).Score);

    [Fact]
    public void Half_a_point_is_rounded_up_all_day_long()
    {
        for (var hours = 0; hours < 24; hours++)
        {
            var score = LeadScore.Of("contacted", 3, "medium", Now.AddDays(-14).AddHours(-hours), Now, LeadScoreWeights.Default);

            Assert.Equal((7.5m, 14, 51), (score.Recency, score.AgeDays, score.Score));
        }
    }

    [Fact]
    public void Activity_in_the_future_counts_as_now() =>
        Assert.Equal((15m, 0), (Of(-3).Recency, Of(-3).AgeDays));

    [Fact]
    public void Very_old_activity_counts_nothing() => Assert.Equal(0m, Of(400_000).Recency);

    [Fact]
    public void Weights_replace_the_defaults_one_by_one()
    {
        var weights = LeadScoreWeights.Of(JsonElement.Parse(
            """{"status": {"new": 1.5}, "qualification": 10, "priority": {"urgent": 0}, "recency": 20, "half_life_days": 7.0}"""));

        var score = LeadScore.Of("new", 2, "medium", Now.AddDays(-7), Now, weights);

        Assert.Equal((1.5m, 20m, 7m, 10m, 39), (score.Status, score.Qualification, score.Priority, score.Recency, score.Score));
        Assert.Equal(15, weights.Status["contacted"]);
    }

    [Theory]
    [InlineData("""{"status": {"new": "10"}}""")]
    [InlineData("""{"status": [1]}""")]
    [InlineData("""{"priority": {"low": -1}}""")]
    [InlineData("""{"qualification": 101}""")]
    [InlineData("""{"recency": null}""")]
    [InlineData("""{"half_life_days": 0.5}""")]
    [InlineData("""{"half_life_days": 7.5}""")]
    [InlineData("[]")]
    [InlineData("5")]
    public void Weights_that_are_not_valid_count_as_none(string weights) =>
        Assert.Same(LeadScoreWeights.Default, LeadScoreWeights.Of(JsonElement.Parse(weights)));

    private static LeadScore Of(int days) => LeadScore.Of("new", null, "low", Now.AddDays(-days), Now, LeadScoreWeights.Default);
}
