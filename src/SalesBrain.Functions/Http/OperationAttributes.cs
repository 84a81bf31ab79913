using SalesBrain.Core.Access;

namespace SalesBrain.Functions.Http;

/// <summary>Describes an endpoint. Read by the request pipeline and the API documentation.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OperationAttribute(string tag, string summary) : Attribute
{
    /// <summary>The area it is listed under.</summary>
    public string Tag { get; } = tag;

    /// <summary>One line for a front-end developer.</summary>
    public string Summary { get; } = summary;

    /// <summary>A longer description, if one line is not enough.</summary>
    public string? Description { get; init; }

    /// <summary>The body is optional; without one the defaults apply.</summary>
    public bool BodyOptional { get; init; }

    /// <summary>A DELETE whose input is in the body, as with other methods, and not in the query string.</summary>
    public bool TakesBody { get; init; }

    /// <summary>The input can also be sent as <c>application/x-www-form-urlencoded</c>.</summary>
    public bool AcceptsForm { get; init; }

    /// <summary>The time limit in seconds, after which the request fails with 503.</summary>
    public int TimeLimitSeconds { get; init; } = 60;
}

/// <summary>Declares who can call an endpoint. An endpoint without this attribute refuses every request.</summary>
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

/// <summary>All signed-in users.</summary>
public sealed class SignedInAttribute : CallerAttribute
{
    public override string WhoMayCall => "every signed-in user";
}

/// <summary>
/// Everyone. Either the endpoint returns no data of an organization, or it checks a secret of its own, which the reason names.
/// </summary>
public sealed class AnyoneAttribute(string reason) : CallerAttribute
{
    public string Reason { get; } = reason;

    /// <summary>Signed-in callers get more. The endpoint finds the caller with <see cref="Call.FindCallerAsync"/>.</summary>
    public bool MayBeSignedIn { get; init; }

    public override string WhoMayCall => Reason;
}

/// <summary>For the documentation: the endpoint reads the raw body itself. Endpoints with an input record do not need this.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RawBodyAttribute(params string[] contentTypes) : Attribute
{
    /// <summary>Accepted media types, the usual one first.</summary>
    public string[] ContentTypes { get; } = contentTypes;
}

/// <summary>A successful response: its status and the type of its body, null for no body.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ReturnsAttribute(int status, Type? body = null) : Attribute
{
    public int Status { get; } = status;

    /// <summary>The body's type. Inside <c>data</c> unless <see cref="Bare"/>.</summary>
    public Type? Body { get; } = body;

    /// <summary>The body is returned without the envelope.</summary>
    public bool Bare { get; init; }

    /// <summary>Media type, where it is not JSON.</summary>
    public string ContentType { get; init; } = "application/json";
}

/// <summary>
/// Codes of the problems that an endpoint can return in addition to those of every endpoint of its kind (401, 403, 422, 500, 503).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProblemsAttribute(params string[] codes) : Attribute
{
    public string[] Codes { get; } = codes;
}
