using SalesBrain.LocalHost.Documentation;

namespace SalesBrain.Tests.Documentation;

/// <summary>What is generated is committed, and is what the functions of this build say.</summary>
public sealed class GeneratedPagesTests
{
    [Theory]
    [InlineData("docs/openapi.json")]
    [InlineData("docs/endpoints.md")]
    [InlineData("docs/problems.md")]
    [InlineData("docs/lists.sql")]
    public async Task Committed_page_is_up_to_date(string path)
    {
        var generated = await DocumentedFunctions.PageAsync(path);
        var file = Path.Combine(DocumentedFunctions.Repository, path);
        var committed = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";

        Assert.True(
            generated == committed,
            $"{path} is out of date: run `{DocumentationPages.Command}` and commit what it writes.{FirstDifference(generated, committed)}");
    }

    [Fact]
    public async Task Generating_twice_gives_the_same() =>
        Assert.Equal(
            await DocumentationPages.WriteAsync(CancellationToken.None), await DocumentationPages.WriteAsync(CancellationToken.None));

    [Fact]
    public async Task Every_timer_has_a_default_schedule() =>
        Assert.DoesNotContain("must be set", await DocumentedFunctions.PageAsync("docs/endpoints.md"), StringComparison.Ordinal);

    private static string FirstDifference(string generated, string committed)
    {
        var pairs = generated.Split('\n').Zip(committed.Split('\n').Concat(Enumerable.Repeat("(nothing)", 1_000_000)));
        var (should, does) = pairs.FirstOrDefault(pair => pair.First != pair.Second);
        return should is null ? "" : $"\nIt should say  {should}\nand says       {does}";
    }
}
