using SalesBrain.Tests.Access;
using SalesBrain.Tests.Conformance;
using SalesBrain.Tests.Database;
using SalesBrain.Tests.Documentation.Clients;
using SalesBrain.Tests.Documentation.Requests;
using SalesBrain.Tests.Infrastructure;
using SalesBrain.Tests.LocalHost;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(SalesBrain.Tests.App.LongestFirst))]

namespace SalesBrain.Tests.App;

/// <summary>
/// Starts the collections that take longest first. One that started last would run alone, with the other processors idle.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        ConformanceWorld.Shared, LargeApp.Collection, SerialApp.Collection, nameof(IsolationTests), nameof(PolicyTests),
        nameof(GeneratedRequestTests), SignInApp.Collection, ClockedApp.Collection, OnboardingApp.Collection, RestoredDatabase.Collection,
        nameof(CamelCaseTypesTests), nameof(ResealCommandTests), nameof(RoleTableTests), nameof(HeyApiClientTests),
        nameof(NSwagClientTests), nameof(LinterTests), nameof(SpellingTests), nameof(TemplateTests), nameof(MigratorTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => RankOf(collection.TestCollectionDisplayName)).ThenBy(collection => collection.UniqueID, StringComparer.Ordinal)];

    private static int RankOf(string collection)
    {
        var rank = Array.FindIndex(Longest, name => collection == name || collection.Contains($".{name} ", StringComparison.Ordinal));
        return rank < 0 ? Longest.Length : rank;
    }
}
