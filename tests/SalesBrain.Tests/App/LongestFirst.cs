using SalesBrain.Tests.Access;
using SalesBrain.Tests.Analytics;
using SalesBrain.Tests.Conformance;
using SalesBrain.Tests.Crm.RandomOperations;
using SalesBrain.Tests.Database;
using SalesBrain.Tests.Documentation.Clients;
using SalesBrain.Tests.Documentation.Requests;
using SalesBrain.Tests.Hosting;
using SalesBrain.Tests.Imports.Files;
using SalesBrain.Tests.Infrastructure;
using SalesBrain.Tests.Live;
using SalesBrain.Tests.LocalHost;
using SalesBrain.Tests.Security;
using SalesBrain.Tests.Telemetry;
using SalesBrain.Tests.Webhooks.Receiving;
using SalesBrain.Tests.Whatsapp;
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
        nameof(CamelCaseTypesTests), nameof(ResealCommandTests), nameof(RunCommandTests), nameof(DemoDataTests),
        nameof(Assignments.FairnessTests), nameof(EmbeddedPostgresTests), nameof(TwoHostsTests), AnalyticsApp.Collection, ImportApp.Collection, WhatsappApp.Collection,
        SendingApp.Collection, nameof(RandomOperationsTests), nameof(RoleTableTests), nameof(HeyApiClientTests), nameof(NSwagClientTests),
        nameof(LinterTests), nameof(SpellingTests), nameof(TemplateTests), nameof(MigratorTests), nameof(OpenApiTypeScriptTests),
        nameof(WebhookTraceTests), nameof(KeyRotationTests), nameof(CrashTests), nameof(LiveDeliveryTests), nameof(FileUploadTests),
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
