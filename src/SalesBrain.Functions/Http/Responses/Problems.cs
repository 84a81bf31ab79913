namespace SalesBrain.Functions.Http.Responses;

/// <summary>Every problem the API answers, by its stable code. Documentation and tests derive from <see cref="All"/>.</summary>
public static class Problems
{
    public static readonly Problem NotJson = new(400, "not_json", "Not JSON", "The body is not valid JSON.");
    public static readonly Problem NotAnObject = new(400, "not_an_object", "Not an object", "The body must be a JSON object.");

    public static readonly Problem Unauthorized = new(401, "unauthorized", "Not signed in", "A valid access token is needed.");
    public static readonly Problem InvalidCredentials = new(401, "invalid_credentials", "Sign-in failed", "The e-mail address or the password is wrong.");
    public static readonly Problem InvalidRefreshToken = new(401, "invalid_refresh_token", "Session over", "The refresh token is wrong, expired or used, or the session was ended. Sign in again.");
    public static readonly Problem WebhookUnauthorized = new(401, "webhook_unauthorized", "Delivery not authenticated", "The delivery's secret or signature is missing or wrong.");

    public static readonly Problem Forbidden = new(403, "forbidden", "Not allowed", "Your role may not do this.");
    public static readonly Problem CallerUndeclared = new(403, "caller_undeclared", "Not open to anybody", "This endpoint does not say who may call it.");
    public static readonly Problem OrganizationSuspended = new(403, "organization_suspended", "Organization suspended", "The organization is suspended.");
    public static readonly Problem WebhookEndpointDisabled = new(403, "webhook_endpoint_disabled", "Receiving is off", "This webhook endpoint is disabled.");

    public static readonly Problem OnboardingLinkRevoked = new(403, "onboarding_link_revoked", "Link revoked", "This onboarding link has been revoked");

    public static readonly Problem NotFound = new(404, "not_found", "Not found", "There is nothing at this address.");

    public static readonly Problem Conflict = new(409, "conflict", "Conflict", "The state of the thing forbids this.");
    public static readonly Problem AlreadyExists = new(409, "already_exists", "Already there", "Something with this name or key exists already.");
    public static readonly Problem WebhookAlreadyProcessed = new(409, "webhook_already_processed", "Already processed", "The webhook is already processed.");
    public static readonly Problem WebhookAlreadyQueued = new(409, "webhook_already_queued", "Already queued", "The webhook is pending and will be processed.");
    public static readonly Problem WebhookPayloadGone = new(409, "webhook_payload_gone", "Payload gone", "The webhook's payload is past its retention and cannot be processed again.");
    public static readonly Problem RejectionAlreadyReadmitted = new(409, "rejection_already_readmitted", "Already re-admitted", "The delivery was re-admitted already.");
    public static readonly Problem RejectionNotReadmissible = new(409, "rejection_not_readmissible", "Cannot be re-admitted", "The cause of the refusal still holds.");
    public static readonly Problem OnboardingLinkAlreadyRevoked = new(409, "onboarding_link_already_revoked", "Already revoked", "The onboarding link is already revoked.");
    public static readonly Problem OnboardingLinkAlreadyUsed = new(409, "onboarding_link_already_used", "Already used", "The onboarding link is already used.");
    public static readonly Problem ContactHasOwner = new(409, "contact_has_owner", "Has an owner", "The contact has a primary owner already.");
    public static readonly Problem ContactOverOwned = new(409, "contact_over_owned", "Owned to more than 100 %", "The shares of a contact's owners may not exceed 100 % together.");
    public static readonly Problem AssigneeDisabled = new(409, "assignee_disabled", "User disabled", "The user is disabled and cannot be given anything.");
    public static readonly Problem NobodyEligible = new(409, "nobody_eligible", "Nobody to assign to", "Nobody can take the contact now.");
    public static readonly Problem NotEmpty = new(409, "not_empty", "Not empty", "Something still belongs to it, so that it cannot be deleted.");
    public static readonly Problem LastOwner = new(409, "last_owner", "The last owner", "The last active owner of an organization stays an active owner.");

    public static readonly Problem OnboardingLinkExpired = new(410, "onboarding_link_expired", "Link expired", "This onboarding link has expired");
    public static readonly Problem OnboardingLinkUsed = new(410, "onboarding_link_used", "Link used", "This onboarding link has already been used");

    public static readonly Problem PasswordLinkInvalid = new(410, "password_link_invalid", "Link does not work", "The link is wrong, expired or used. Ask for a new one.");

    public static readonly Problem ChangedMeanwhile = new(412, "changed_meanwhile", "Changed meanwhile", "It has changed since the version that If-Match names. Read it again.");

    public static readonly Problem PayloadTooLarge = new(413, "payload_too_large", "Too large", "The body is larger than allowed.");
    public static readonly Problem UnsupportedMediaType = new(415, "unsupported_media_type", "Content type not supported", "Send application/json, not compressed.");
    public static readonly Problem Invalid = new(422, "invalid", "Invalid input", "Some of the input is not valid; see errors.");

    public static readonly Problem TooManyUnknownLinks = new(429, "too_many_unknown_links", "Too many unknown links", "Too many onboarding links that do not exist were tried from this address. Try again later.");
    public static readonly Problem TooManyAttempts = new(429, "too_many_attempts", "Too many attempts", "Signing in failed too often. Wait as long as Retry-After says, or set a new password.");

    public static readonly Problem Internal = new(500, "internal_error", "Something went wrong", "The failure was recorded; the trace id finds it.");

    public static readonly Problem DatabaseUnavailable = new(503, "database_unavailable", "Temporarily unavailable", "The database cannot be reached. Nothing was done; try again.") { RetryAfterSeconds = 5 };
    public static readonly Problem TimedOut = new(503, "timed_out", "Took too long", "The request took too long and was given up. Nothing was done; try again.") { RetryAfterSeconds = 5 };

    /// <summary>The whole catalogue, by status and code.</summary>
    public static IReadOnlyList<Problem> All { get; } = typeof(Problems).GetFields()
        .Where(field => field.FieldType == typeof(Problem))
        .Select(field => (Problem)field.GetValue(null)!)
        .OrderBy(problem => problem.Status).ThenBy(problem => problem.Code, StringComparer.Ordinal)
        .ToList();

    /// <summary>422 with every message at once.</summary>
    internal static Problem InvalidInput(InputErrors errors) => Invalid with { Errors = errors.ToDictionary() };

    /// <summary>422 for one member.</summary>
    public static Problem InvalidMember(string member, string message) =>
        Invalid with { Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [member] = [message] } };
}
