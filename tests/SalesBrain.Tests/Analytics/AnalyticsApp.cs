using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Analytics;

/// <summary>The app of the tests that fold the changes of all organizations. They run one after another.</summary>
public sealed class AnalyticsApp : TestApp
{
    public const string Collection = "Analytics";

    public override bool CountsStatements => true;
}

[CollectionDefinition(AnalyticsApp.Collection)]
public sealed class AnalyticsCollection : ICollectionFixture<AnalyticsApp>;
