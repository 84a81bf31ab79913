using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Whatsapp.Account;

namespace SalesBrain.Functions.Whatsapp.Account;

/// <summary>
/// Connects the organization's WhatsApp account with the code of Meta's embedded signup, or continues a signup that failed in a step.
/// </summary>
public sealed class SignUpWhatsapp(RequestPipeline pipeline, WhatsappSignup signup)
{
    [Function(nameof(SignUpWhatsapp))]
    [Operation("WhatsApp account", "Connect the WhatsApp account", Description =
        "Send the code as soon as the embedded signup returns it: it works once, for about 30 seconds. If a step fails, the account stays "
        + "pending and shows which steps are open. Send the request again without a code to continue. Without phone_number_id the number "
        + "is one that is also used in the WhatsApp Business app, and is not registered.")]
    [Requires(Capability.ManageWhatsapp)]
    [Returns(200, typeof(WhatsappAccount))]
    [Problems(
        "conflict", "whatsapp_already_connected", "whatsapp_code_required", "whatsapp_number_taken", "whatsapp_no_number",
        "whatsapp_not_set_up", "whatsapp_code_refused", "whatsapp_token_refused", "whatsapp_account_not_granted", "whatsapp_refused",
        "whatsapp_unavailable")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/whatsapp/signup")] HttpRequest request) =>
        pipeline.RunAsync<SignUpWhatsapp, SignUpWhatsappRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            return errors.Any ? Problems.InvalidInput(errors) : await signup.RunAsync(call, organizationId, input);
        });
}

public sealed record SignUpWhatsappRequest
{
    /// <summary>Meta's ids are digits.</summary>
    internal const string IdPattern = "^[0-9]{1,64}$";

    internal const string IdRule = "must be 1 to 64 digits";

    /// <summary>The organization of the account. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The code that the embedded signup returned. Null: continue the signup that has begun.</summary>
    [StringLength(2000, MinimumLength = 1)]
    [NotBlank]
    [Verbatim]
    public string? Code { get; init; }

    /// <summary>The WhatsApp Business Account that the signup returned. Required if more than one was granted.</summary>
    [RegularExpression(IdPattern, ErrorMessage = IdRule)]
    public string? WabaId { get; init; }

    /// <summary>The phone number that the signup returned. Required if the account has more than one.</summary>
    [RegularExpression(IdPattern, ErrorMessage = IdRule)]
    public string? PhoneNumberId { get; init; }

    /// <summary>
    /// Whether the number is also used in the WhatsApp Business app, and must not be registered. Null: yes if the signup returned no phone
    /// number; when a signup is continued, as before.
    /// </summary>
    public bool? Coexistence { get; init; }
}
