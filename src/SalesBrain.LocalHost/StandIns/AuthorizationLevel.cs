namespace Microsoft.Azure.Functions.Worker;

/// <summary>Stands in for the official enumeration: which key the Functions host asks of an HTTP caller.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}
