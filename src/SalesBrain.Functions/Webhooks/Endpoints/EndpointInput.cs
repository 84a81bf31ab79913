using System.ComponentModel.DataAnnotations;
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

    /// <summary>Seconds of an interval that <see cref="IntervalAttribute"/> has let through.</summary>
    internal static int? Seconds(string? interval) => interval is null ? null : (int)SilenceRules.Parse(interval)!.Value.TotalSeconds;
}
