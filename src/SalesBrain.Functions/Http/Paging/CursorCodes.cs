using SalesBrain.Core.Security;

namespace SalesBrain.Functions.Http.Paging;

/// <summary>Signs page cursors for all instances.</summary>
public sealed class CursorCodes(DataKeys keys)
{
    internal MessageCodes Codes { get; } = new(keys, "salesbrain page cursor");
}
