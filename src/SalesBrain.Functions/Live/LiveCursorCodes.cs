using SalesBrain.Core.Live;
using SalesBrain.Core.Security;

namespace SalesBrain.Functions.Live;

/// <summary>Signs the cursors of live updates for all instances.</summary>
public sealed class LiveCursorCodes(DataKeys keys)
{
    private readonly MessageCodes _codes = new(keys, "salesbrain live cursor");

    internal string Write(LiveCursor cursor) => cursor.Write(_codes);

    internal bool TryRead(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LiveCursor? cursor) =>
        LiveCursor.TryRead(text, _codes, out cursor);
}
