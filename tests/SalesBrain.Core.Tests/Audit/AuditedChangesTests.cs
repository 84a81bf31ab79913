using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Audit;

namespace SalesBrain.Core.Tests.Audit;

public sealed class AuditedChangesTests
{
    private static readonly Row Old = new()
    {
        Id = Guid.NewGuid(),
        DisplayName = "Acme",
        City = null,
        Always = null,
        Secret = "s1",
        Data = JsonElement.Parse("""{"a": 1, "b": [2]}"""),
    };

    [Fact]
    public void Between_has_the_members_that_differ_with_null_for_a_value_that_is_not_there()
    {
        var changes = AuditedChanges.Between(Old, Old with { DisplayName = "Acme Inc", City = "Berlin" });

        AssertJson(
            """{"before": {"display_name": "Acme", "city": null}, "after": {"display_name": "Acme Inc", "city": "Berlin"}}""", changes);
        AssertJson(
            """{"before": {"display_name": "Acme"}, "after": {"display_name": null}}""",
            AuditedChanges.Between(Old, Old with { DisplayName = null }));
    }

    [Fact]
    public void Members_that_are_not_audited_or_not_in_the_JSON_make_no_difference()
    {
        var changes = AuditedChanges.Between(Old, Old with { Id = Guid.NewGuid(), Secret = "s2" });

        Assert.True(changes.AreEmpty);
        AssertJson("""{"before": {}, "after": {}}""", changes);
    }

    [Theory]
    [InlineData("""{"b":[2],"a":1}""", true)]
    [InlineData("""{"a":1.0,"b":[2e0]}""", true)]
    [InlineData("""{"a":1,"b":[2,3]}""", false)]
    [InlineData("""{"a":"1","b":[2]}""", false)]
    public void JSON_is_compared_by_value(string json, bool areEqual) =>
        Assert.Equal(areEqual, AuditedChanges.Between(Old, Old with { Data = JsonElement.Parse(json) }).AreEmpty);

    [Fact]
    public void Created_and_deleted_have_the_members_with_a_value_and_those_that_are_always_written()
    {
        var members = """{"display_name": "Acme", "always": null, "data": {"a": 1, "b": [2]}}""";

        AssertJson($$"""{"after": {{members}}}""", AuditedChanges.Created(Old));
        AssertJson($$"""{"before": {{members}}}""", AuditedChanges.Deleted(Old));
        Assert.False(AuditedChanges.Created(Old).AreEmpty);
    }

    private static void AssertJson(string expected, AuditedChanges changes)
    {
        var json = JsonSerializer.Serialize<object>(changes, JsonSerializerOptions.Web);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(json)), json);
    }

    private sealed record Row
    {
        [NotAudited]
        public Guid Id { get; init; }
        public string? DisplayName { get; init; }
        public string? City { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public string? Always { get; init; }

        [JsonIgnore]
        public string Secret { get; init; } = "";
        public JsonElement Data { get; init; }
    }
}
