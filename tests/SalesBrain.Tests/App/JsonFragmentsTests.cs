using System.Text.Json;

namespace SalesBrain.Tests.App;

public sealed class JsonFragmentsTests
{
    private const string Row = """
        {"status": "active", "count": 2, "share": 0.50, "ended_at": null, "owner": {"id": 7}, "tags": ["a", "b"], "settings": {}}
        """;

    [Fact]
    public void Equal_members_pass_and_other_members_do_not_matter()
    {
        Actual().AssertIncludes(new
        {
            Status = "active",
            Count = 2L,
            Share = 0.5m,
            EndedAt = (DateTime?)null,
            Owner = new { Id = 7 },
            Tags = new[] { "a", "b" },
            Settings = new { },
        });
        Actual().AssertIncludes("""{"owner": {"id": 7}, "tags": ["a", "b"]}""");
    }

    [Theory]
    [InlineData("""{"status": "ended"}""", "$.status: expected \"ended\", actual \"active\"")]
    [InlineData("""{"count": 3}""", "$.count: expected 3, actual 2")]
    [InlineData("""{"count": "2"}""", "$.count: expected \"2\", actual 2")]
    [InlineData("""{"count": null}""", "$.count: expected null, actual 2")]
    [InlineData("""{"ended_at": ""}""", "$.ended_at: expected \"\", actual null")]
    [InlineData("""{"owner": {"id": 8}}""", "$.owner.id: expected 8, actual 7")]
    [InlineData("""{"owner": {}}""", "$.owner: expected {}, actual {\"id\": 7}")]
    [InlineData("""{"settings": []}""", "$.settings: expected [], actual {}")]
    public void Other_value_is_named_with_both_values(string expected, string message) => AssertFails(expected, message);

    [Theory]
    [InlineData("""{"started_at": null}""", "$.started_at: expected null, but the member is missing")]
    [InlineData("""{"Status": "active"}""", "$.Status: expected \"active\", but the member is missing")]
    [InlineData("""{"owner": {"name": "Ann"}}""", "$.owner.name: expected \"Ann\", but the member is missing")]
    public void Missing_member_is_named_even_if_null_is_expected(string expected, string message) => AssertFails(expected, message);

    [Theory]
    [InlineData("""{"tags": ["a"]}""", "$.tags: expected [\"a\"], actual [\"a\", \"b\"]")]
    [InlineData("""{"tags": []}""", "$.tags: expected [], actual [\"a\", \"b\"]")]
    [InlineData("""{"tags": ["a", "c"]}""", "$.tags[1]: expected \"c\", actual \"b\"")]
    [InlineData("""{"tags": ["b", "a"]}""", "$.tags[0]: expected \"b\", actual \"a\"", "$.tags[1]: expected \"a\", actual \"b\"")]
    public void Arrays_have_equal_length_and_order(string expected, params string[] messages) => AssertFails(expected, messages);

    [Fact]
    public void All_differences_are_named() => AssertFails(
        """{"status": "ended", "count": 2, "nothing": 1}""",
        "$.status: expected \"ended\", actual \"active\"",
        "$.nothing: expected 1, but the member is missing");

    private static JsonElement Actual() => JsonSerializer.Deserialize<JsonElement>(Row);

    private static void AssertFails(string expected, params string[] messages)
    {
        var failure = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Actual().AssertIncludes(expected));
        Assert.Equal(string.Join(Environment.NewLine, messages), failure.Message);
    }
}
