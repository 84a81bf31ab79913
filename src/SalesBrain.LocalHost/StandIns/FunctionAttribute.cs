namespace Microsoft.Azure.Functions.Worker;

/// <summary>Stands in for the official attribute: marks a method as a function with that name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
