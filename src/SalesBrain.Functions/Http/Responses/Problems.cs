namespace SalesBrain.Functions.Http.Responses;

/// <summary>Every problem the API returns, by its stable code. Documentation and tests derive from <see cref="All"/>.</summary>
public static class Problems
{
    public static readonly Problem NotJson = new(400, "not_json", "Invalid JSON", "The request body is not valid JSON.");
    public static readonly Problem NotAnObject = new(400, "not_an_object", "Not a JSON object", "The request body must be a JSON object.");

    public static readonly Problem InvalidState = new(400, "invalid_state", "Sign-in not valid", "The sign-in is unknown, expired or already used, or it began in another browser. Sign in again.");

    public static readonly Problem Unauthorized = new(401, "unauthorized", "Authentication required", "A valid access token is required. Refresh it, or sign in again.");
    public static readonly Problem InvalidCredentials = new(401, "invalid_credentials", "Sign-in failed", "The e-mail address or the password is wrong.");
    public static readonly Problem InvalidRefreshToken = new(401, "invalid_refresh_token", "Session ended", "The refresh token is invalid, expired or already used, or the session was ended. Sign in again.");
    public static readonly Problem GenesysRefused = new(401, "genesys_refused", "Sign-in refused", "Genesys Cloud refused the sign-in. Sign in again.");
    public static readonly Problem InvalidSignInCode = new(401, "invalid_sign_in_code", "Sign-in failed", "The sign-in code is invalid, expired or already used. Sign in again.");
    public static readonly Problem WebhookUnauthorized = new(401, "webhook_unauthorized", "Webhook authentication failed", "The delivery's secret or signature is missing or wrong.");

    public static readonly Problem Forbidden = new(403, "forbidden", "Forbidden", "Your role does not allow this action.");
    public static readonly Problem CallerUndeclared = new(403, "caller_undeclared", "Endpoint closed", "This endpoint does not declare who may call it, so it refuses every request. Report this error.");
    public static readonly Problem OrganizationSuspended = new(403, "organization_suspended", "Organization suspended", "The organization is suspended. Only a platform administrator can activate it again.");
    public static readonly Problem WebhookEndpointDisabled = new(403, "webhook_endpoint_disabled", "Webhook endpoint disabled", "The webhook endpoint is disabled. It accepts deliveries again when it is enabled.");

    public static readonly Problem AgentRefused = new(403, "agent_refused", "Sign-in not allowed", "The user may not sign in as an agent.");
    public static readonly Problem UserOfAnotherOrganization = new(403, "user_of_another_organization", "Another organization", "User belongs to a different organization");

    public static readonly Problem OnboardingLinkRevoked = new(403, "onboarding_link_revoked", "Link revoked", "This onboarding link has been revoked");

    public static readonly Problem TenantNotFound = new(404, "tenant_not_found", "Tenant not found", "Tenant not found for this Genesys organization");
    public static readonly Problem NotFound = new(404, "not_found", "Not found", "Resource not found.");

    public static readonly Problem Conflict = new(409, "conflict", "Conflict", "The resource's current state does not allow this request. Read the resource again.");
    public static readonly Problem AlreadyExists = new(409, "already_exists", "Already exists", "A resource with this name or key already exists.");
    public static readonly Problem WebhookAlreadyProcessed = new(409, "webhook_already_processed", "Already processed", "The webhook has already been processed.");
    public static readonly Problem WebhookAlreadyQueued = new(409, "webhook_already_queued", "Already queued", "The webhook is already pending and will be processed.");
    public static readonly Problem WebhookPayloadGone = new(409, "webhook_payload_gone", "Payload deleted", "The webhook cannot be processed again, because its payload was deleted, at the end of its retention period or with the data of the person.");
    public static readonly Problem RejectionAlreadyReadmitted = new(409, "rejection_already_readmitted", "Already re-admitted", "The delivery has already been re-admitted.");
    public static readonly Problem RejectionNotReadmissible = new(409, "rejection_not_readmissible", "Cannot be re-admitted", "The delivery cannot be re-admitted, because the reason for its rejection still applies. Remove the reason, then re-admit it again.");
    public static readonly Problem OnboardingLinkAlreadyRevoked = new(409, "onboarding_link_already_revoked", "Already revoked", "The onboarding link is already revoked.");
    public static readonly Problem OnboardingLinkAlreadyUsed = new(409, "onboarding_link_already_used", "Already used", "The onboarding link is already used.");
    public static readonly Problem ContactMerged = new(409, "contact_merged", "Contact merged", "The contact was merged into another one.");
    public static readonly Problem ContactUnsubscribed = new(409, "contact_unsubscribed", "Contact unsubscribed", "The person has unsubscribed. To let them receive messages again because they agreed to it, send lift_unsubscription as well.");
    public static readonly Problem ContactHasOwner = new(409, "contact_has_owner", "Contact already owned", "The contact already has a primary owner.");
    public static readonly Problem ContactOverOwned = new(409, "contact_over_owned", "Ownership exceeds 100 %", "The ownership percentages of a contact would add up to more than 100, so no contact was assigned. Read the contacts' assignments again, then retry.");
    public static readonly Problem AssigneeDisabled = new(409, "assignee_disabled", "User disabled", "The user is disabled and cannot receive assignments.");
    public static readonly Problem NobodyEligible = new(409, "nobody_eligible", "No eligible user", "No user can take the contact now. The contact waits until a user can take it.");
    public static readonly Problem AssigneeUnsuitable = new(409, "assignee_unsuitable", "User cannot take the lead", "The user cannot take the lead.");
    public static readonly Problem ConversationTaken = new(409, "conversation_taken", "Conversation taken", "Another user has the conversation.");
    public static readonly Problem ConversationClosed = new(409, "conversation_closed", "Conversation closed", "The conversation is closed. Reopen it first.");
    public static readonly Problem ConversationNotClosed = new(409, "conversation_not_closed", "Conversation not closed", "The conversation is not closed.");
    public static readonly Problem ConversationUnassigned = new(409, "conversation_unassigned", "Nobody has the conversation", "Nobody has the conversation, so it cannot be released.");
    public static readonly Problem ConversationSuperseded = new(409, "conversation_superseded", "Another conversation is open", "The person has another conversation that is not closed. Close that one first.");
    public static readonly Problem LeadExists = new(409, "lead_exists", "Lead already exists", "The contact already has a lead in this campaign or, without a campaign, for this client.");
    public static readonly Problem NotEmpty = new(409, "not_empty", "Not empty", "The resource cannot be deleted, because other resources still belong to it. Delete or move them first.");
    public static readonly Problem CampaignStatusRefused = new(
        409, "campaign_status_refused", "Status change not possible", "A campaign in this status cannot change to the requested status.");
    public static readonly Problem CampaignActive = new(
        409, "campaign_active", "Campaign active", "An active campaign cannot be deleted. Pause or complete it first.");
    public static readonly Problem DataSourceInUse = new(
        409, "data_source_in_use", "Data source in use", "The data source cannot be deleted while one of its jobs is running or paused. Cancel the job first.");
    public static readonly Problem DataSourceDisabled = new(
        409, "data_source_disabled", "Data source disabled", "The data source is disabled. Enable it, then retry.");
    public static readonly Problem ImportJobState = new(
        409, "import_job_state", "Not possible in this status", "The job's current status does not allow this request.");
    public static readonly Problem ImportJobUndoExpired = new(
        409, "import_job_undo_expired", "Too late to undo", "A job can be undone within 30 days after it has ended.");
    public static readonly Problem WhatsappNotConfigured = new(409, "whatsapp_not_configured", "WhatsApp not configured", "WhatsApp not configured for your organization");
    public static readonly Problem WhatsappNeedsReconnect = new(409, "whatsapp_needs_reconnect", "WhatsApp not connected", "WhatsApp no longer accepts the organization's sign-in. An administrator must connect the account again. Queued messages are sent then.");
    public static readonly Problem WindowClosed = new(409, "window_closed", "Window closed", "More than 24 hours have passed since the person last wrote. Only a template can be sent until the person writes again.");
    public static readonly Problem MessageState = new(409, "message_state", "Not possible in this status", "The message's current status does not allow this request.");
    public static readonly Problem WhatsappAlreadyConnected = new(409, "whatsapp_already_connected", "Already connected", "The organization has a WhatsApp account. Disconnect it before you connect another one.");
    public static readonly Problem WhatsappCodeRequired = new(409, "whatsapp_code_required", "No signup to continue", "There is no signup that could be continued. Sign up at Meta, and send the code.");
    public static readonly Problem WhatsappNumberTaken = new(409, "whatsapp_number_taken", "Number already connected", "The phone number is connected to another organization of SalesBrain. It must be disconnected there first.");
    public static readonly Problem WhatsappNoNumber = new(409, "whatsapp_no_number", "No phone number", "The WhatsApp Business Account has no phone number. Add one at Meta, then send the request again without a code.");
    public static readonly Problem WhatsappNotSetUp = new(409, "whatsapp_not_set_up", "No Meta app", "This installation has no Meta app, so no organization can use WhatsApp. An operator must set it up first.");
    public static readonly Problem WhatsappCodeRefused = new(422, "whatsapp_code_refused", "Code refused", "Meta refused the code. A code works once and for about 30 seconds. Sign up at Meta again.");
    public static readonly Problem WhatsappTokenRefused = new(422, "whatsapp_token_refused", "Token refused", "The access token that Meta issued cannot be used. Sign up at Meta again.");
    public static readonly Problem WhatsappAccountNotGranted = new(422, "whatsapp_account_not_granted", "Account not granted", "The WhatsApp Business Account is not among those that were granted in the signup. Sign up at Meta again, and choose the account.");
    public static readonly Problem FileRefused = new(422, "file_refused", "File refused", "The file cannot be read as a CSV file of a data source.");
    public static readonly Problem LastOwner = new(409, "last_owner", "Last active owner", "An organization must keep at least one active owner. Make another user an owner first.");

    public static readonly Problem OnboardingLinkExpired = new(410, "onboarding_link_expired", "Link expired", "This onboarding link has expired");
    public static readonly Problem OnboardingLinkUsed = new(410, "onboarding_link_used", "Link already used", "This onboarding link has already been used");

    public static readonly Problem PasswordLinkInvalid = new(410, "password_link_invalid", "Link not valid", "The link is invalid, expired or already used. Request a new one.");
    public static readonly Problem EmailLinkInvalid = new(410, "email_link_invalid", "Link not valid", "The link is invalid, expired or already used. Change the e-mail address again to get a new one.");

    public static readonly Problem ChangedMeanwhile = new(412, "changed_meanwhile", "Resource changed", "The resource has changed since the version in If-Match. Read it again, then retry with its new ETag.");

    public static readonly Problem PayloadTooLarge = new(413, "payload_too_large", "Payload too large", "The request body is larger than allowed.");
    public static readonly Problem UnsupportedMediaType = new(415, "unsupported_media_type", "Unsupported content type", "Send the body as application/json, without compression.");
    public static readonly Problem Invalid = new(422, "invalid", "Invalid input", "The input is not valid. See errors for each invalid field.");

    public static readonly Problem TooManyUnknownLinks = new(429, "too_many_unknown_links", "Too many unknown links", "Too many requests for unknown onboarding links came from this IP address. Wait for the number of seconds in Retry-After.");
    public static readonly Problem TooManyAttempts = new(429, "too_many_attempts", "Too many attempts", "Too many sign-in attempts failed. Wait for the number of seconds in Retry-After, or reset the password.");
    public static readonly Problem PasswordChecksBusy = new(429, "password_checks_busy", "Too many password checks", "Too many passwords of this account, IP address or organization are being checked. Try again in a few seconds.") { RetryAfterSeconds = 5 };
    public static readonly Problem TooManyMails = new(429, "too_many_mails", "Too many e-mails", "This e-mail address has received too many e-mails of this kind today. Try again after the number of seconds in Retry-After.");

    public static readonly Problem TooManyDeliveries = new(429, "too_many_deliveries", "Too many deliveries", "Too many deliveries of the organization are waiting to be stored. Nothing was stored. Send it again after the number of seconds in Retry-After.") { RetryAfterSeconds = 10 };

    public static readonly Problem TooManyTests = new(429, "too_many_tests", "Too many tests", "The data source was tested six times within a minute. Wait for the number of seconds in Retry-After.");

    public static readonly Problem TooManyExports = new(429, "too_many_exports", "Too many exports", "Too many exports are being downloaded at the moment. Wait until one has ended, then try again.") { RetryAfterSeconds = 10 };

    public static readonly Problem TooManyStreams = new(429, "too_many_streams", "Too many streams", "You have too many open streams of live updates. Close one, then try again.") { RetryAfterSeconds = 10 };

    public static readonly Problem Internal = new(500, "internal_error", "Internal error", "An unexpected error occurred. Report it with the trace_id of this response.");

    public static readonly Problem GenesysUnavailable = new(502, "genesys_unavailable", "Genesys unavailable", "Genesys Cloud cannot be reached, or failed. Sign in again in a moment.");

    public static readonly Problem WhatsappRefused = new(502, "whatsapp_refused", "WhatsApp refused", "WhatsApp refused a step. The account shows which, and why. Mend the cause, then send the request again without a code.");
    public static readonly Problem WhatsappUnavailable = new(502, "whatsapp_unavailable", "WhatsApp unavailable", "WhatsApp cannot be reached, or failed. Try again in a moment.");

    public static readonly Problem DatabaseUnavailable = new(503, "database_unavailable", "Database unavailable", "The database cannot be reached. Wait for the number of seconds in Retry-After. Before repeating a change, check whether it was made.") { RetryAfterSeconds = 5 };
    public static readonly Problem StreamsFull = new(503, "streams_full", "No free stream", "The server has no free stream of live updates at the moment. Try again after the number of seconds in Retry-After.") { RetryAfterSeconds = 5 };
    public static readonly Problem TimedOut = new(503, "timed_out", "Request timed out", "The request took too long and was cancelled. Before repeating a change, check whether it was made.") { RetryAfterSeconds = 5 };

    /// <summary>The whole catalogue, by status and code.</summary>
    public static IReadOnlyList<Problem> All { get; } = typeof(Problems).GetFields()
        .Where(field => field.FieldType == typeof(Problem))
        .Select(field => (Problem)field.GetValue(null)!)
        .OrderBy(problem => problem.Status).ThenBy(problem => problem.Code, StringComparer.Ordinal)
        .ToList();

    /// <summary>422 with the messages of all invalid members.</summary>
    internal static Problem InvalidInput(InputErrors errors) => Invalid with
    {
        Errors = errors.ToDictionary(),
        Detail = errors.Unlisted == 0 ? Invalid.Detail : $"{Invalid.Detail} It lists the first {InputErrors.MostListed}; there are {errors.Unlisted} more.",
    };

    /// <summary>422 for an uploaded file.</summary>
    internal static Problem RefusedFile(string message) =>
        FileRefused with { Detail = message, Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["file"] = [message] } };

    /// <summary>422 for one member.</summary>
    public static Problem InvalidMember(string member, string message) =>
        Invalid with { Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [member] = [message] } };
}
