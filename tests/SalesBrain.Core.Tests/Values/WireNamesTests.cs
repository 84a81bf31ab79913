using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Tests.Values;

public sealed class WireNamesTests
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public enum Progress
    {
        Done = 7,
        InProgress = 2,
    }

    [Theory]
    [InlineData(Progress.Done, "done")]
    [InlineData(Progress.InProgress, "in_progress")]
    public void Name_and_value_belong_together(Progress value, string name)
    {
        Assert.Equal(name, value.ToWireName());
        Assert.True(WireNames.TryParse<Progress>(name, out var parsed));
        Assert.Equal(value, parsed);
        Assert.True(WireNames.TryParse(typeof(Progress), name, out var boxed));
        Assert.Equal(value, boxed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Done")]
    [InlineData("InProgress")]
    [InlineData("inProgress")]
    [InlineData("inprogress")]
    [InlineData("in-progress")]
    [InlineData(" done")]
    [InlineData("2")]
    [InlineData("done,in_progress")]
    public void Other_spellings_are_not_read(string text)
    {
        Assert.False(WireNames.TryParse<Progress>(text, out _));
        Assert.False(WireNames.TryParse(typeof(Progress), text, out _));
    }

    [Fact]
    public void Value_that_is_not_declared_has_no_name() => Assert.Throws<KeyNotFoundException>(() => ((Progress)3).ToWireName());

    [Fact]
    public void All_names_are_in_the_order_of_the_values() => Assert.Equal(["in_progress", "done"], WireNames.AllOf(typeof(Progress)));

    [Fact]
    public void Every_public_enum_of_Core_is_named_as_the_JSON_serializer_names_it()
    {
        var enums = typeof(WireNames).Assembly.GetExportedTypes().Where(type => type.IsEnum).ToList();

        Assert.NotEmpty(enums);
        Assert.All(enums, type => Assert.Equal(
            Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, type, Json).GetString()),
            WireNames.AllOf(type)));
    }

    [Fact]
    public void Names_cost_no_allocation()
    {
        _ = Progress.InProgress.ToWireName();
        _ = WireNames.TryParse<Progress>("done", out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            _ = Progress.InProgress.ToWireName();
            _ = WireNames.TryParse<Progress>("done", out _);
        }

        // Compiling the loop anew may allocate a little; boxing would take 24 bytes per name.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }
}
