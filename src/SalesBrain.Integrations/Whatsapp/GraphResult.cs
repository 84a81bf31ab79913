namespace SalesBrain.Integrations.Whatsapp;

/// <summary>What a call of the Graph API returned: a value, or why there is none.</summary>
public sealed class GraphResult<T>
    where T : class
{
    private GraphResult(T? value, GraphFailure? failure)
    {
        Value = value;
        Failure = failure;
    }

    /// <summary>Null if the call failed.</summary>
    public T? Value { get; }

    /// <summary>Null if the call succeeded.</summary>
    public GraphFailure? Failure { get; }

    public static implicit operator GraphResult<T>(T value) => new(value, null);

    public static implicit operator GraphResult<T>(GraphFailure failure) => new(null, failure);
}
