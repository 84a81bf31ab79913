namespace SalesBrain.Functions.Http.Binding;

/// <summary>A member of an update: not sent (unchanged), sent as null (cleared), or sent with a value.</summary>
public readonly record struct Optional<T>(T? Value, bool IsSet)
{
    /// <summary>The new value, or the old one if nothing was sent.</summary>
    public T? Or(T? old) => IsSet ? Value : old;
}
