using SalesBrain.Core.Access;

namespace SalesBrain.Functions.Http;

/// <summary>What an endpoint is for; read by the request pipeline and by the API documentation.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OperationAttribute(string tag, string summary) : Attribute
{
    /// <summary>The area it is listed under.</summary>
    public string Tag { get; } = tag;

    /// <summary>One line for a front-end developer.</summary>
    public string Summary { get; } = summary;

    /// <summary>More than a line, where a line is not enough.</summary>
    public string? Description { get; init; }

    /// <summary>A request without a body means the defaults.</summary>
    public bool BodyOptional { get; init; }

    /// <summary>The input may also come as <c>application/x-www-form-urlencoded</c>.</summary>
    public bool AcceptsForm { get; init; }

    /// <summary>Seconds after which the request is given up with 503.</summary>
    public int TimeLimitSeconds { get; init; } = 60;
}

/// <summary>Declares who may call an endpoint. An endpoint without one is refused to everybody.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class CallerAttribute : Attribute
{
    /// <summary>For the documentation.</summary>
    public abstract string WhoMayCall { get; }
}

/// <summary>Signed-in callers whose role has the capability.</summary>
public sealed class RequiresAttribute(Capability capability) : CallerAttribute
{
    public Capability Capability { get; } = capability;

    public override string WhoMayCall => string.Join(", ", Roles.With(Capability).Select(role => role.Name()));
}

/// <summary>Anybody who is signed in.</summary>
public sealed class SignedInAttribute : CallerAttribute
{
    public override string WhoMayCall => "every signed-in user";
}

/// <summary>Anybody: nothing behind it belongs to an organization, or the endpoint checks a secret of its own, which the reason names.</summary>
public sealed class AnyoneAttribute(string reason) : CallerAttribute
{
    public string Reason { get; } = reason;

    /// <summary>It does more for some who are signed in, and asks by <see cref="Call.FindCallerAsync"/>.</summary>
    public bool MayBeSignedIn { get; init; }

    public override string WhoMayCall => Reason;
}

/// <summary>The endpoint reads the body itself, as it comes; for the documentation. What binds an input record needs no such word.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RawBodyAttribute(params string[] contentTypes) : Attribute
{
    /// <summary>Media types it takes, the usual one first.</summary>
    public string[] ContentTypes { get; } = contentTypes;
}

/// <summary>One successful answer: its status and the type of its body; null for none.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ReturnsAttribute(int status, Type? body = null) : Attribute
{
    public int Status { get; } = status;

    /// <summary>The body's type. Inside <c>data</c> unless <see cref="Bare"/>.</summary>
    public Type? Body { get; } = body;

    /// <summary>The body is the whole answer, not the envelope's <c>data</c>.</summary>
    public bool Bare { get; init; }

    /// <summary>Media type, where it is not JSON.</summary>
    public string ContentType { get; init; } = "application/json";
}

/// <summary>Codes of the problems an endpoint may answer beyond those that every endpoint of its kind may (401, 403, 422, 500, 503).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProblemsAttribute(params string[] codes) : Attribute
{
    public string[] Codes { get; } = codes;
}
