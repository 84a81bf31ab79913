namespace SalesBrain.Core.Values;

/// <summary>
/// For the API description: what a member of a request accepts where other code than a validation attribute checks it. It checks nothing
/// itself. The generated requests of the tests hold it against the code. For a list, everything but the number and the uniqueness of items
/// is about each of its values.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public class AcceptsAttribute : Attribute
{
    /// <summary>A regular expression that JavaScript (ECMA-262) and .NET read alike.</summary>
    public string? Pattern { get; init; }

    /// <summary>The only values that are accepted; null for no restriction.</summary>
    public string[]? Values { get; init; }

    /// <summary>0 for no limit, as with all numbers here.</summary>
    public int MinLength { get; init; }

    public int MaxLength { get; init; }

    public int Minimum { get; init; }

    public int Maximum { get; init; }

    public int MinItems { get; init; }

    public int MaxItems { get; init; }

    /// <summary>No value is in the list twice.</summary>
    public bool UniqueItems { get; init; }
}
