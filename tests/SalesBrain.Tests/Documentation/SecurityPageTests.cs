using System.Text.RegularExpressions;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Documentation;

/// <summary>docs/security.md says which tests hold its sentences true: they are there.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        // A class is named as its file, in either test project.
        var tests = Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Find(), "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)!).ToHashSet(StringComparer.Ordinal);

        var named = TestNames().Matches(File.ReadAllText(Path.Combine(RepositoryFolder.Find(), "docs", "security.md")))
            .Select(match => match.Groups["name"].Value).Distinct().ToList();

        Assert.True(named.Count > 20, $"{named.Count}");
        Assert.Subset(tests, named.ToHashSet(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"`(\w+/)?(?<name>\w+Tests)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestNames();
}
