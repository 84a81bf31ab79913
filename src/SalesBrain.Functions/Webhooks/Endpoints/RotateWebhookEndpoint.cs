using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Security;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Endpoints;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>Gives an endpoint a new token or secret while the old one still works for a while, for owners and admins, and for sb_admin.</summary>
public sealed class RotateWebhookEndpoint(RequestPipeline pipeline, SecretBox secrets, IOptions<WebhookOptions> options)
{
    [Function(nameof(RotateWebhookEndpoint))]
    [Operation("Webhook endpoints", "Replaces an endpoint's token or secret", Description =
        "The new one is answered this once. The one before works until its grace time ends; one that was still in its grace time ends now.")]
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
            session, row, WebhookSecrets.HashToken(token), token[^4..], graceHours == 0 ? null : call.Now.UtcDateTime.AddHours(graceHours), call.Now.UtcDateTime,
            call.CancellationToken);
        var answer = await FinishAsync(call, session, row, "webhook_endpoint.token_rotated", graceHours);
        return ApiResults.Ok(answer.WithToken(token));
    }

    private async Task<IResult> RotateSecretAsync(
        Call call, DatabaseSession session, WebhookEndpointRow row, RotateWebhookEndpointRequest input)
    {
        if (NewSecret.For(row.AuthMode, input.Secret) is not { } secret)
        {
            return Problems.Conflict.Because("The endpoint's auth_mode is token: it has no secret.");
        }
        if (input.Secret is not null && AuthenticationRules.SecretProblem(row.AuthMode, input.Secret) is { } problem)
        {
            return Problems.InvalidMember("secret", problem);
        }
        await WebhookEndpoints.RotateSecretAsync(
            session, row, secret.Seal(secrets, row.OrganizationId), secret.Last4, call.Now.UtcDateTime.AddHours(input.GraceHours), call.Now.UtcDateTime, call.CancellationToken);
        var answer = await FinishAsync(call, session, row, "webhook_endpoint.secret_rotated", input.GraceHours);
        return ApiResults.Ok(answer with { Secret = secret.Text });
    }

    private async Task<WebhookEndpoint> FinishAsync(Call call, DatabaseSession session, WebhookEndpointRow before, string action, int graceHours)
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

    /// <summary>How long the one before still works; 0 = no longer.</summary>
    [Range(0, 168)]
    public int GraceHours { get; init; } = 24;

    /// <summary>A secret of the caller's own choice; without it one is made.</summary>
    [StringLength(500)]
    public string? Secret { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (What == RotatedPart.Token && Secret is not null)
        {
            yield return new ValidationResult("has no meaning when the token is rotated: tokens are made", [nameof(Secret)]);
        }
    }
}

/// <summary>What of an endpoint is replaced.</summary>
public enum RotatedPart
{
    Token,
    Secret,
}
