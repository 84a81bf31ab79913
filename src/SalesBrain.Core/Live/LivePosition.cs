using System.Runtime.InteropServices;

namespace SalesBrain.Core.Live;

/// <summary>
/// A place in the order of events: the transaction that wrote an event, and the number of the event. Transactions become readable in the
/// order of their ids, see <c>app.live_event.xid</c>.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LivePosition(long Xid, long Number) : IComparable<LivePosition>
{
    public int CompareTo(LivePosition other) => Xid != other.Xid ? Xid.CompareTo(other.Xid) : Number.CompareTo(other.Number);

    public static bool operator <(LivePosition left, LivePosition right) => left.CompareTo(right) < 0;

    public static bool operator >(LivePosition left, LivePosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(LivePosition left, LivePosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LivePosition left, LivePosition right) => left.CompareTo(right) >= 0;
}
