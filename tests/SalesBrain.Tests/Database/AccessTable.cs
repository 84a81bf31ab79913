namespace SalesBrain.Tests.Database;

/// <summary>
/// Who reaches which rows of their own organization: s = select, i = insert, u = update, d = delete, h = may turn a row that they may update into one of
/// these (hand it over). The one table that the isolation tests
/// follow; a new table of the database needs its lines here. Nobody but the platform reaches another organization's rows, so no line says so.
/// A line is a table and, where not all its rows are alike, which of them; <see cref="TwoOrganizations"/> knows the words.
/// </summary>
internal static class AccessTable
{
    private const string Text = """
        rows                                    platform  owner  admin  member  agency_admin  agency_staff  client_admin  client_staff  client_user  read_only  agent  agent_supervisor

        organization                            siud      su     su     s       s             s             s             s             s            s          s      s
        tenant                                  siud      s      s      s       -             -             -             -             -            s          -      -
        agency, my agency                       siud      siud   siud   s       su            s             -             -             -            s          -      -
        agency, other agency                    siud      siud   siud   s       -             -             -             -             -            s          -      -
        client, my client                       siud      siud   siud   s       siud          s             s             s             s            s          -      -
        client, other client                    siud      siud   siud   s       siud          s             -             -             -            s          -      -
        client, other agency                    siud      siud   siud   s       -             -             -             -             -            s          -      -

        user, myself                            siu       siu    siu    s       s             s             s             s             s            s          s      s
        user, owner                             siu       siu    s      s       -             -             -             -             -            s          -      -
        user, member                            siu       siu    siu    s       -             -             -             -             -            s          -      -
        user, agency_admin, my agency           siu       siu    siu    s       s             s             -             -             -            s          -      -
        user, agency_staff, my agency           siu       siu    siu    s       siu           s             -             -             -            s          -      -
        user, agency_staff, other agency        siu       siu    siu    s       -             -             -             -             -            s          -      -
        user, client_admin, my client           siu       siu    siu    s       -             -             siu           s             s            s          -      -
        user, client_user, my client            siu       siu    siu    s       -             -             siu           s             s            s          -      -
        user, client_user, other client         siu       siu    siu    s       -             -             -             -             -            s          -      -
        user, sb_admin, of no organization      siu       -      -      -       -             -             -             -             -            -          -      -

        campaign, no agency                     siud      siud   siud   s       -             -             -             -             -            s          -      -
        campaign, my agency                     siud      siud   siud   s       siud          s             -             -             -            s          -      -
        campaign, my client                     siud      siud   siud   s       siud          s             s             s             s            s          -      -
        campaign, other client                  siud      siud   siud   s       siud          s             -             -             -            s          -      -
        campaign, other agency                  siud      siud   siud   s       -             -             -             -             -            s          -      -
        campaign_counter, no agency             s         s      s      s       -             -             -             -             -            s          -      -
        campaign_counter, my agency             s         s      s      s       s             s             -             -             -            s          -      -
        campaign_counter, my client             s         s      s      s       s             s             s             s             s            s          -      -
        campaign_counter, other agency          s         s      s      s       -             -             -             -             -            s          -      -

        contact, without a lead                 siud      siud   siud   s       i             i             i             i             -            s          s      s
        contact, no agency                      sud       sud    sud    s       -             -             -             -             -            s          -      -
        contact, my agency                      sud       sud    sud    s       su            s             -             -             -            s          -      -
        contact, my client                      sud       sud    sud    s       su            s             su            su            s            s          -      -
        contact, other client                   sud       sud    sud    s       su            s             -             -             -            s          -      -
        contact, other agency                   sud       sud    sud    s       -             -             -             -             -            s          -      -
        contact, lead deleted                   sud       sud    sud    s       -             -             -             -             -            s          -      -

        contact_former_email, no agency                s         s      s      s       -             -             -             -             -            s   -      -
        contact_former_email, my agency                s         s      s      s       s             s             -             -             -            s   -      -
        contact_former_email, my client                s         s      s      s       s             s             s             s             s            s   -      -
        contact_former_email, other agency             s         s      s      s       -             -             -             -             -            s   -      -
        contact_forwarding, no agency           s         s      s      s       -             -             -             -             -            s          -      -
        contact_forwarding, my agency           s         s      s      s       s             s             -             -             -            s          -      -
        contact_forwarding, my client           s         s      s      s       s             s             s             s             s            s          -      -
        contact_forwarding, other agency        s         s      s      s       -             -             -             -             -            s          -      -

        address_hash_key                        siu       -      -      -       -             -             -             -             -            -          -      -
        erased_contact                          s         -      -      -       -             -             -             -             -            -          -      -

        lead, no agency                         siud      siud   siud   sh      -             -             -             -             -            s          -      -
        lead, no agency, to me                  siud      siud   siud   su      -             -             -             -             -            s          -      -
        lead, no agency, by me                  siud      siud   siud   su      -             -             -             -             -            s          -      -
        lead, my agency                         siud      siud   siud   sh      siu           sih           -             -             -            s          -      -
        lead, my agency, to me                  siud      siud   siud   su      siu           siu           -             -             -            s          -      -
        lead, my agency, by me                  siud      siud   siud   su      siu           siu           -             -             -            s          -      -
        lead, my agency, foreign campaign       siud      siud   siud   sh      s             s             -             -             -            s          -      -
        lead, my client                         siud      siud   siud   sh      siu           sih           siu           siu           s            s          -      -
        lead, my client, foreign campaign       siud      siud   siud   sh      s             s             s             s             s            s          -      -
        lead, other client                      siud      siud   siud   sh      siu           sih           -             -             -            s          -      -
        lead, other agency                      siud      siud   siud   sh      -             -             -             -             -            s          -      -
        lead, other agency, to me               siud      siud   siud   su      -             -             -             -             -            s          -      -
        lead, lead deleted, my agency           siud      siud   siud   sh      siu           sih           -             -             -            s          -      -

        lead_recency, no agency                 s         s      s      s       -             -             -             -             -            s          -      -
        lead_recency, my agency                 s         s      s      s       s             s             -             -             -            s          -      -
        lead_recency, my client                 s         s      s      s       s             s             s             s             s            s          -      -
        lead_recency, other agency              s         s      s      s       -             -             -             -             -            s          -      -

        lead_status_change, no agency           s         s      s      s       -             -             -             -             -            s          -      -
        lead_status_change, my agency           s         s      s      s       s             s             -             -             -            s          -      -
        lead_status_change, my client           s         s      s      s       s             s             s             s             s            s          -      -
        lead_status_change, other agency        s         s      s      s       -             -             -             -             -            s          -      -

        activity, without a lead                siud      sd     sd     s       -             -             -             -             -            s          -      -
        activity, my agency                     siud      sd     sd     s       s             s             -             -             -            s          -      -
        activity, my client                     siud      sd     sd     s       s             s             s             s             s            s          -      -
        activity, other agency                  siud      sd     sd     s       -             -             -             -             -            s          -      -

        user_campaign_assignment, mine          siud      siud   siud   s       s             s             s             s             s            s          s      s
        user_campaign_assignment, another's     siud      siud   siud   s       -             -             -             -             -            s          -      -
        user_contact_assignment, mine           siud      siud   siud   s       s             s             s             s             s            s          s      s
        user_contact_assignment, another's      siud      siud   siud   s       -             -             -             -             -            s          -      -
        assignment_ruleset                      siu       siu    siu    s       -             -             -             -             -            s          -      -
        assignment_rule                         siud      siud   siud   s       -             -             -             -             -            s          -      -
        assignment_member                       siud      siud   siud   s       -             -             -             -             -            s          -      -
        assignment_turn                         s         s      s      s       -             -             -             -             -            s          -      -
        assignment_queue                        siud      sud    sud    s       -             -             -             -             -            s          -      -
        notification, mine                      siud      siu    siu    siu     siu           siu           siu           siu           su           su         su     su
        notification, another's                 siud      i      i      i       i             i             i             i             -            -          -      -

        live_event, no agency                   s         s      s      s       -             -             -             -             -            s          -      -
        live_event, my agency                   s         s      s      s       s             s             -             -             -            s          -      -
        live_event, other agency                s         s      s      s       -             -             -             -             -            s          -      -
        live_event, my client                   s         s      s      s       s             s             s             s             s            s          -      -
        live_event, other client                s         s      s      s       s             s             -             -             -            s          -      -
        live_event, mine                        s         s      s      s       s             s             s             s             s            s          s      s
        live_event, another's                   s         s      s      s       -             -             -             -             -            s          -      -
        live_event, personal, mine              s         s      s      s       s             s             s             s             s            s          s      s
        live_event, personal, another's         s         -      -      -       -             -             -             -             -            -          -      -
        live_event, of a job                    s         s      s      s       -             -             -             -             -            -          -      -
        live_event, of a job, my agency         s         s      s      s       s             s             -             -             -            -          -      -
        live_event, of a job, my client         s         s      s      s       s             s             -             -             -            -          -      -
        live_event, of a job, other agency      s         s      s      s       -             -             -             -             -            -          -      -
        live_event, of a source                 s         s      s      s       s             s             -             -             -            -          -      -
        live_event, of a source, my agency      s         s      s      s       s             s             -             -             -            -          -      -
        live_event, of a source, other agency   s         s      s      s       -             -             -             -             -            -          -      -
        live_event, of a conversation           s         s      s      -       -             -             -             -             -            -          s      s
        live_event, of a conversation, mine     s         s      s      -       -             -             -             -             -            -          s      s
        live_event, of a conversation, another's  s       s      s      -       -             -             -             -             -            -          -      s
        webhook_endpoint                        siu       siu    siu    -       -             -             -             -             -            -          -      -
        webhook_log                             siud      siud   siud   s       -             -             -             -             -            s          -      -
        webhook_payload                         sid       sid    sid    s       -             -             -             -             -            s          -      -
        webhook_payload, private                sid       sid    sid    -       -             -             -             -             -            -          -      -
        webhook_delivery                        sid       sd     sd     s       -             -             -             -             -            s          -      -
        webhook_attempt                         sid       sid    sid    s       -             -             -             -             -            s          -      -
        webhook_rejection                       siud      su     su     s       -             -             -             -             -            s          -      -
        webhook_receipt                         siud      s      s      -       -             -             -             -             -            -          -      -
        webhook_rejection_count                 siud      s      s      -       -             -             -             -             -            -          -      -
        webhook_log_version                     s         s      s      s       -             -             -             -             -            s          -      -
        webhook_log_tally                       s         s      s      s       -             -             -             -             -            s          -      -
        organization_tally                      s         s      s      s       -             -             -             -             -            s          -      -
        tally_change                            s         s      s      s       -             -             -             -             -            s          -      -

        analytics_change, no agency             s         s      s      s       -             -             -             -             -             s          -      -
        analytics_change, my agency             s         s      s      s       s             s             -             -             -             s          -      -
        analytics_change, my client             s         s      s      s       s             s             s             s             s             s          -      -
        analytics_change, other agency          s         s      s      s       -             -             -             -             -             s          -      -
        analytics_lead, no agency               s         s      s      s       -             -             -             -             -             s          -      -
        analytics_lead, my agency               s         s      s      s       s             s             -             -             -             s          -      -
        analytics_lead, my client               s         s      s      s       s             s             s             s             s             s          -      -
        analytics_lead, other agency            s         s      s      s       -             -             -             -             -             s          -      -
        analytics_day, no agency                s         s      s      s       -             -             -             -             -             s          -      -
        analytics_day, my agency                s         s      s      s       s             s             -             -             -             s          -      -
        analytics_day, my client                s         s      s      s       s             s             s             s             s             s          -      -
        analytics_day, other agency             s         s      s      s       -             -             -             -             -             s          -      -
        analytics_group, no agency              s         s      s      s       -             -             -             -             -             s          -      -
        analytics_group, my agency              s         s      s      s       s             s             -             -             -             s          -      -
        analytics_group, my client              s         s      s      s       s             s             s             s             s             s          -      -
        analytics_group, other agency           s         s      s      s       -             -             -             -             -             s          -      -
        analytics_version, no agency            s         s      s      s       -             -             -             -             -             s          -      -
        analytics_version, my agency            s         s      s      s       s             s             -             -             -             s          -      -
        analytics_version, my client            s         s      s      s       s             s             s             s             s             s          -      -
        analytics_version, other agency         s         s      s      s       -             -             -             -             -             s          -      -
        analytics_zone                          s         s      s      s       s             s             s             s             s             s          s      s
        analytics_cache, for the whole organization  siud  s      s      s       -             -             -             -             -             s          -      -
        analytics_cache, for nobody here        siud      -      -      -       -             -             -             -             -             -          -      -
        data_source, no agency                  siu       siu    siu    s       s             s             -             -             -            -          -      -
        data_source, my agency                  siu       siu    siu    s       siu           s             -             -             -            -          -      -
        data_source, other agency               siu       siu    siu    s       -             -             -             -             -            -          -      -
        data_source_file, no agency             siu       si     si     -       -             -             -             -             -            -          -      -
        data_source_file, my agency             siu       si     si     -       si            -             -             -             -            -          -      -
        data_source_file, other agency          siu       si     si     -       -             -             -             -             -            -          -      -
        import_job, no agency                   siu       siu    siu    s       -             -             -             -             -            -          -      -
        import_job, no agency, by me            siu       siu    siu    siu     -             -             -             -             -            -          -      -
        import_job, my agency                   siu       siu    siu    s       siu           s             -             -             -            -          -      -
        import_job, my agency, by me            siu       siu    siu    siu     siu           siu           -             -             -            -          -      -
        import_job, other agency                siu       siu    siu    s       -             -             -             -             -            -          -      -
        import_job_state, no agency             s         s      s      s       -             -             -             -             -            -          -      -
        import_job_state, my agency             s         s      s      s       s             s             -             -             -            -          -      -
        import_job_state, other agency          s         s      s      s       -             -             -             -             -            -          -      -
        import_job_log, no agency               sid       s      s      s       -             -             -             -             -            -          -      -
        import_job_log, my agency               sid       s      s      s       s             s             -             -             -            -          -      -
        import_job_log, other agency            sid       s      s      s       -             -             -             -             -            -          -      -
        import_job_row                          siud      -      -      -       -             -             -             -             -            -          -      -
        contact_external_id                     siud      -      -      -       -             -             -             -             -            -          -      -

        whatsapp_account                        siu       siu    siu    -       -             -             -             -             -            -          s      s
        conversation, to me                     siud      su     su     -       -             -             -             -             -            -          su     su
        conversation, to another                siud      su     su     -       -             -             -             -             -            -          -      su
        conversation, to nobody                 siud      su     su     -       -             -             -             -             -            -          su     su
        conversation_assignment, mine           siud      siu    siu    -       -             -             -             -             -            -          siu    siu
        conversation_assignment, another's      siud      siu    siu    -       -             -             -             -             -            -          -      siu
        agent_presence, of a member             siud      s      s      -       -             -             -             -             -            -          -      s
        message, to me                          siud      s      s      -       -             -             -             -             -            -          s      s
        message, to another                     siud      s      s      -       -             -             -             -             -            -          -      s
        message_key                             siud      -      -      -       -             -             -             -             -            -          -      -
        message_queue                           siud      -      -      -       -             -             -             -             -            -          -      -
        whatsapp_pace                           siu       -      -      -       -             -             -             -             -            -          -      -
        conversation_pace                       siu       -      -      -       -             -             -             -             -            -          -      -
        whatsapp_unrouted                       sid       -      -      -       -             -             -             -             -            -          -      -

        onboarding_link                         siu       siu    siu    -       -             -             -             -             -            -          -      -
        onboarding_link_access                  su        s      s      -       -             -             -             -             -            -          -      -
        onboarding_guess                        sud       -      -      -       -             -             -             -             -            -          -      -

        audit_log, mine                         si        si     si     i       i             i             i             i             i            i          i      i
        audit_log, another's                    si        s      s      -       -             -             -             -             -            -          -      -
        audit_log, of no organization           si        -      -      -       -             -             -             -             -            -          -      -
        refresh_token, mine                     siud      s      s      s       s             s             s             s             s            s          s      s
        refresh_token, another's                siud      -      -      -       -             -             -             -             -            -          -      -
        refresh_token, of no organization       siud      -      -      -       -             -             -             -             -            -          -      -
        password_token, of the owner            siud      sid    -      -       -             -             -             -             -            -          -      -
        password_token, of a member             siud      sid    sid    -       -             -             -             -             -            -          -      -
        password_token, of agency_admin         siud      sid    sid    -       -             -             -             -             -            -          -      -
        password_token, of agency_staff         siud      sid    sid    -       sid           -             -             -             -            -          -      -
        password_token, of other agency_staff   siud      sid    sid    -       -             -             -             -             -            -          -      -
        password_token, of client_user          siud      sid    sid    -       -             -             sid           -             -            -          -      -
        password_token, of other client_user    siud      sid    sid    -       -             -             -             -             -            -          -      -
        password_token, of no organization      siud      -      -      -       -             -             -             -             -            -          -      -
        email_change, mine                      siud      sid    sid    s       s             s             s             s             s            s          s      s
        email_change, of the owner              siud      sid    -      -       -             -             -             -             -            -          -      -
        email_change, of agency_staff           siud      sid    sid    -       sid           -             -             -             -            -          -      -
        email_change, of other agency_staff     siud      sid    sid    -       -             -             -             -             -            -          -      -
        email_change, of client_user            siud      sid    sid    -       -             -             sid           -             -            -          -      -
        email_change, of no organization        siud      -      -      -       -             -             -             -             -            -          -      -
        genesys_user, mine                      siu       s      s      s       s             s             s             s             s            s          s      s
        genesys_user, another's                 siu       s      s      s       -             -             -             -             -            s          -      -
        genesys_user_session, mine              si        s      s      s       s             s             s             s             s            s          s      s
        genesys_user_session, another's         si        -      -      -       -             -             -             -             -            -          -      -
        genesys_sign_in                         siud      -      -      -       -             -             -             -             -            -          -      -
        stream_ticket, mine                     sid       s      s      s       s             s             s             s             s            s          s      s
        stream_ticket, another's                sid       -      -      -       -             -             -             -             -            -          -      -
        stream_ticket, of no organization       sid       -      -      -       -             -             -             -             -            -          -      -
        sign_in_attempt                         siud      -      -      -       -             -             -             -             -            -          -      -
        mail_limit                              siud      -      -      -       -             -             -             -             -            -          -      -
        schema_migration                        s         -      -      -       -             -             -             -             -            -          -      -
        schema_definition                       s         -      -      -       -             -             -             -             -            -          -      -
        """;

    /// <summary>Every line, in order.</summary>
    public static IReadOnlyList<AccessLine> Lines { get; } = Parse();

    /// <summary>The tables, in order.</summary>
    public static IReadOnlyList<string> Tables { get; } = Lines.Select(line => line.Table).Distinct().ToList();

    private static List<AccessLine> Parse()
    {
        var lines = Text.Split('\n').Where(line => line.Length > 0).Select(SplitCells).ToList();
        var roles = lines[0][1..];
        return lines.Skip(1).Select(cells =>
        {
            Assert.True(cells.Length == roles.Length + 1, $"The line \"{cells[0]}\" lacks cells.");
            var words = cells[0].Split(", ");
            return new AccessLine(words[0], words[1..], roles.Zip(cells[1..]).ToDictionary(pair => pair.First, pair => pair.Second));
        }).ToList();
    }

    private static string[] SplitCells(string line) =>
        line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>One line: the words that say which rows of a table, and per role (and <c>platform</c>) what it may do with them.</summary>
internal sealed record AccessLine(string Table, string[] Words, IReadOnlyDictionary<string, string> Rights)
{
    public override string ToString() => string.Join(", ", Words.Prepend(Table));
}
