namespace SalesBrain.Tests.App;

/// <summary>An app whose clock moves only when the test says so. It starts at the real time: tables have partitions for that.</summary>
public sealed class ClockedApp : TestApp
{
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public override TimeProvider? Clock => Time;

    /// <summary>The clock's time.</summary>
    public DateTime Now => Time.GetUtcNow().UtcDateTime;
}
