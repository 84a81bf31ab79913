namespace SalesBrain.Tests.App;

/// <summary>
/// An app whose clock moves only when the test says so. It starts at the real time: tables have partitions for that. The classes of the
/// collection share one: their clock stands where the test before left it, and only goes forward.
/// </summary>
public sealed class ClockedApp : TestApp
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "clocked";

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public override TimeProvider? Clock => Time;

    /// <summary>The clock's time.</summary>
    public DateTime Now => Time.GetUtcNow().UtcDateTime;
}

[CollectionDefinition(ClockedApp.Collection)]
public sealed class ClockedCollection : ICollectionFixture<ClockedApp>;
