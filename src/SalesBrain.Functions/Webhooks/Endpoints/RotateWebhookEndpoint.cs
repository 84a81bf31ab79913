using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Security;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Endpoints;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>
/// Gives an endpoint a new token or secret while the old one still works for a while, for owners and admins, and for sb_admin.
/// </summary>
public sealed class RotateWebhookEndpoint(RequestPipeline pipeline, SecretBox secrets, IOptions<WebhookOptions> options)
{
    [Function(nameof(RotateWebhookEndpoint))]
    [Operation("Webhook endpoints", "Rotate the token or secret of a webhook endpoint", Description =
        "The response is the only one that contains the new value. The previous value works until its grace period ends. A "
        + "value from an earlier rotation that is still in its grace period stops working immediately.")]
    [Requires(Capability.ManageWebhookEndpoints)]
    [Returns(200, typeof(WebhookEndpoint))]
    [Problems("not_found", "conflict")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/webhooks/endpoints/{endpointId:guid}/rotate")] HttpRequest request,
        Guid endpointId) =>
        pipeline.RunAsync<RotateWebhookEndpoint, RotateWebhookEndpointRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            if (await WebhookEndpoints.LockAsync(session, endpointId, call.CancellationToken) is not { } row)
            {
                return Problems.NotFound;
            }
            return input.What == RotatedPart.Token
                ? await RotateTokenAsync(call, session, row, input.GraceHours)
                : await RotateSecretAsync(call, session, row, input);
        });

    private async Task<IResult> RotateTokenAsync(
        Call call, DatabaseSession session, WebhookEndpointRow row, int graceHours)
    {
        var token = WebhookSecrets.CreateToken();
        await WebhookEndpoints.RotateTokenAsync(
            session, row, WebhookSecrets.HashToken(token), token[^4..], graceHours == 0 ? null : call.Now.UtcDateTime.AddHours(graceHours),
            call.Now.UtcDateTime, call.CancellationToken);
        var answer = await FinishAsync(call, session, row, "webhook_endpoint.token_rotated", graceHours);
        return ApiResults.Ok(answer.WithToken(token));
    }

    private async Task<IResult> RotateSecretAsync(
        Call call, DatabaseSession session, WebhookEndpointRow row, RotateWebhookEndpointRequest input)
    {
        if (NewSecret.For(row.AuthMode, input.Secret) is not { } secret)
        {
            return Problems.Conflict.Because("The endpoint has no secret, because its auth_mode is token.");
        }
        if (input.Secret is not null && AuthenticationRules.SecretProblem(row.AuthMode, input.Secret) is { } problem)
        {
            return Problems.InvalidMember("secret", problem);
        }
        await WebhookEndpoints.RotateSecretAsync(
            session, row, secret.Seal(secrets, row.OrganizationId), secret.Last4, call.Now.UtcDateTime.AddHours(input.GraceHours),
            call.Now.UtcDateTime, call.CancellationToken);
        var answer = await FinishAsync(call, session, row, "webhook_endpoint.secret_rotated", input.GraceHours);
        return ApiResults.Ok(answer with { Secret = secret.Text });
    }

    private async Task<WebhookEndpoint> FinishAsync(
        Call call, DatabaseSession session, WebhookEndpointRow before, string action, int graceHours)
    {
        var after = (await WebhookEndpoints.FindAsync(session, before.Id, call.CancellationToken))!;
        var changes = AuditedChanges.Between(AuditedEndpoint.Of(before), AuditedEndpoint.Of(after));
        await call.AuditAsync(
            session, action, "webhook_endpoint", after.Id, after.OrganizationId,
            new { before = changes.Before, after = changes.After, grace_hours = graceHours });
        await session.CommitAsync();
        return WebhookEndpoint.Of(after, options.Value.PublicBaseUrl, call.Now.UtcDateTime);
    }
}

public sealed record RotateWebhookEndpointRequest : IValidatableObject
{
    public required RotatedPart What { get; init; }

    /// <summary>Hours for which the previous value keeps working; 0 to end it immediately.</summary>
    [Range(0, 168)]
    public int GraceHours { get; init; } = 24;

    /// <summary>A secret chosen by the caller. If omitted, one is generated.</summary>
    [Accepts(MinLength = AuthenticationRules.MinSecretLength, Pattern = TextPatterns.PrintableAscii)]
    [StringLength(500)]
    [Verbatim]
    public string? Secret { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (What == RotatedPart.Token && Secret is not null)
        {
            yield return new ValidationResult(
                "must not be set when the token is rotated, because tokens are always generated", [nameof(Secret)]);
        }
    }
}

/// <summary>The part of an endpoint that is replaced.</summary>
public enum RotatedPart
{
    Token,
    Secret,
}
