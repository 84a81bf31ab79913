using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Webhooks.Endpoints;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving.Verification;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>A source that delivers over HTTP.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ReceivingSourceAttribute()
    : AllowedValuesAttribute([.. EventSources.All.Where(source => source.Receives).Select(source => source.Name)]);

/// <summary>A way to authenticate deliveries.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AuthModeAttribute() : AllowedValuesAttribute([.. AuthenticationModes.All]);

/// <summary>An object from a sender's names of event types to canonical ones. <see cref="EndpointInput"/> checks its members.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TypeAliasesAttribute : ValidationAttribute
{
    public TypeAliasesAttribute() => ErrorMessage = "must be an object of canonical event types";

    public override bool IsValid(object? value) => value is not JsonElement { ValueKind: not JsonValueKind.Object };
}

/// <summary>A JSON Pointer (RFC 6901) to a member.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class JsonPointerAttribute : RegularExpressionAttribute
{
    public JsonPointerAttribute()
        : base(JsonPointer.Pattern) =>
        ErrorMessage = "must be a JSON Pointer (RFC 6901) with at most 200 characters, such as /data/contact/email";

    public override bool IsValid(object? value) => value is not string text || JsonPointer.Parse(text) is not null;
}

/// <summary>An interval as <see cref="SilenceRules"/> reads it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IntervalAttribute : RegularExpressionAttribute
{
    public IntervalAttribute()
        : base(SilenceRules.Pattern) =>
        ErrorMessage = SilenceRules.Form;

    public override bool IsValid(object? value) => value is not string text || SilenceRules.Parse(text) is not null;
}

/// <summary>Validates an endpoint's authentication settings, with errors by the members of the request.</summary>
internal static class EndpointInput
{
    internal static void CheckAuthentication(string source, WebhookAuthentication authentication, string? secret, InputErrors errors)
    {
        foreach (var (member, message) in AuthenticationRules.Problems(EventSources.Find(source)!, authentication))
        {
            errors.Add(member == "mode" ? "auth_mode" : $"auth_settings.{member}", message);
        }
        if (secret is not null && AuthenticationRules.SecretProblem(authentication.Mode, secret) is { } problem)
        {
            errors.Add("secret", problem);
        }
    }

    internal static readonly JsonElement NoAliases = JsonSerializer.SerializeToElement(new { });

    internal static void CheckTypeAliases(JsonElement? aliases, InputErrors errors)
    {
        foreach (var (alias, message) in aliases is { } json ? ReadingSettings.ProblemsOf(json) : [])
        {
            errors.Add(alias is null ? "type_aliases" : $"type_aliases.{alias}", message);
        }
    }

    /// <summary>Seconds of an interval that <see cref="IntervalAttribute"/> has let through.</summary>
    internal static int? Seconds(string? interval) => interval is null ? null : (int)SilenceRules.Parse(interval)!.Value.TotalSeconds;
}
